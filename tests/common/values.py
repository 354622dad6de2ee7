"""Values that each key of params.yaml accepts and refuses, as its file would have them."""

ACCEPTED: dict[str, list[str]] = {
    "ingest.source": ["x", "data/mnist", "'my file.csv'", "'5'"],
    "ingest.highest": ["null", "1", "15", "255.0", "0.99609375", "65535"],
    "split.train_rows": ["1", "42000", "70000"],
    "split.validation_rows": ["0", "1", "70000"],
    "split.test_rows": ["1", "null", "~", ""],
    "split.shuffle": ["true", "false"],
    "split.seed": ["0", "4294967295"],
    "split.max_shared_images": ["0", "0.0", "0.1", "1", "1.0"],
    "encode.side": ["28", "20", "16", "14", "8"],
    "encode.pixel_scale": ["1", "1.0", "255", "255.0", "1000000", "1e-3", "0.001"],
    "initialize.layers": [
        *("[784, 10]", "[784, 1, 10]", "[784, 10000, 10]", "[784, 16, 16, 16, 10]"),
        *("[400, 10]", "[256, 40, 40, 10]", "[196, 8, 10]", "[64, 10]"),
    ],
    "initialize.first_weights": ["uniform", "glorot", "he"],
    "initialize.seed": ["0", "4294967295"],
    "train.epochs": ["1", "10000000"],
    "train.learning_rate": ["1", "0.8", "1e-3", "8e-1", "100.0"],
    "train.precision": ["reproducible", "float32", "float64"],
    "train.seed": ["0", "4294967295"],
    "train.batch_rows": ["null", "1", "128", "70000"],
    "train.activation": ["sigmoid", "tanh", "relu", "silu"],
    "train.update": ["descent", "momentum", "nesterov", "adamw"],
    "train.momentum": ["0", "0.0", "0.9", "0.999999"],
    "train.second_momentum": ["0", "0.0", "0.999", "0.999999"],
    "train.weight_decay": ["0", "0.0", "1e-4", "1", "10.0"],
    "train.clip_norm": ["null", "1", "0.5", "1e-3", "100.0"],
    "train.schedule": ["constant", "step", "cosine", "one-cycle"],
    "train.warmup_epochs": ["0", "1", "10000000"],
    "train.step_epochs": ["1", "10000000"],
    "train.step_factor": ["1", "1.0", "0.1", "1e-3"],
    "train.averaging": ["none", "ema", "swa"],
    "train.average_decay": ["0", "0.0", "0.999", "0.999999"],
    "train.average_from": ["0", "0.0", "0.75", "0.999999"],
    "train.label_smoothing": ["0", "0.0", "0.1", "0.999"],
    "train.dropout": ["0", "0.0", "0.5", "0.999"],
    "train.teacher": ["data/teacher", "x", "'5'"],
    "train.teacher_weight": ["0", "0.0", "0.5", "1", "1.0"],
    "train.teacher_temperature": ["0.01", "1", "1.0", "20", "1000"],
    "train.shift": ["0", "0.0", "2", "14.0"],
    "train.rotate": ["0", "0.0", "15", "180.0"],
    "train.scale": ["0", "0.0", "0.15", "0.5"],
    "train.shear": ["0", "0.0", "0.15", "0.5"],
    "train.elastic": ["0", "0.0", "1.5", "14"],
    "train.patience": ["null", "1", "10000000"],
    "gate.max_accuracy_drop": ["0", "0.02", "1", "1.0"],
    "gate.significance": ["0", "1e-3", "1"],
    "gate.min_test_accuracy": ["0", "0.0", "0.8", "1"],
}
_WHOLE = "a whole number"
_WRONG_WHOLE = ["null", "true", "1.0", "1.5", "'1'", "one", "[1]", "{a: 1}", ".nan", ".inf"]
_NOT_NUMBERS = ["null", "true", "'0.5'", "x", "[0.5]", ".nan", ".inf", "-.inf", "-1"]
_NOT_SHARES = [*_NOT_NUMBERS, "-0.001", "1.001", "2"]
_SHARE = "a finite number at least 0 and at most 1"
_NOT_BELOW_1 = [*_NOT_NUMBERS, "-0.001", "1", "1.0", "2"]
_BELOW_1 = "a finite number at least 0 and below 1"
_SEEDS = ["-1", "4294967296", *_WRONG_WHOLE]

# A key, the values that it refuses, and what is said to be expected.
REFUSED: dict[str, tuple[list[str], str]] = {
    "ingest.source": (["null", "5", "''", "true", "[a.csv]"], "a text that is not empty"),
    "ingest.highest": (
        [*_NOT_NUMBERS[1:], "0", "0.0", "65536"],
        "a finite number above 0 and at most 65535 or null",
    ),
    "split.train_rows": (["0", "-1", *_WRONG_WHOLE], f"{_WHOLE} at least 1"),
    "split.validation_rows": (["-1", *_WRONG_WHOLE], f"{_WHOLE} at least 0"),
    "split.test_rows": (["0", "-1", *_WRONG_WHOLE[1:]], f"{_WHOLE} at least 1 or null"),
    "split.shuffle": (["null", "1", "'true'", "yes", "on", "[true]"], "true or false"),
    "split.seed": (_SEEDS, f"{_WHOLE} at least 0 and at most 4294967295"),
    "encode.side": (
        ["0", "-28", "7", "27", "32", "784", "28.0", *_WRONG_WHOLE],
        "28 or 20 or 16 or 14 or 8",
    ),
    "encode.pixel_scale": (
        [*_NOT_NUMBERS, "0", "0.0", "0.0009", "1000001"],
        "a finite number at least 0.001 and at most 1000000",
    ),
    "initialize.layers": (
        ["null", "784", "[]", "[784]", "[784, 16]", "[784, 10, 9]", "'784, 10'"],
        "a list of 2 or more, from 784 or 400 or 256 or 196 or 64 to 10",
    ),
    "initialize.first_weights": (["null", "He", "normal", "[he]"], "uniform or glorot or he"),
    "initialize.seed": (_SEEDS, f"{_WHOLE} at least 0 and at most 4294967295"),
    "train.epochs": (["0", "10000001", *_WRONG_WHOLE], f"{_WHOLE} at least 1 and at most 10000000"),
    "train.learning_rate": ([*_NOT_NUMBERS, "0", "0.0"], "a finite number above 0"),
    "train.precision": (
        ["null", "float16", "32", "[float32]", "Float32"],
        "reproducible or float32 or float64",
    ),
    "train.seed": (_SEEDS, f"{_WHOLE} at least 0 and at most 4294967295"),
    "train.batch_rows": (["0", "-1", *_WRONG_WHOLE[1:]], f"{_WHOLE} at least 1 or null"),
    "train.activation": (
        ["null", "Sigmoid", "softmax", "[tanh]"],
        "sigmoid or tanh or relu or silu",
    ),
    "train.update": (
        ["null", "adam", "sgd", "[descent]"],
        "descent or momentum or nesterov or adamw",
    ),
    "train.momentum": (_NOT_BELOW_1, _BELOW_1),
    "train.second_momentum": (_NOT_BELOW_1, _BELOW_1),
    "train.weight_decay": (_NOT_NUMBERS, "a finite number at least 0"),
    "train.clip_norm": ([*_NOT_NUMBERS[1:], "0", "0.0"], "a finite number above 0 or null"),
    "train.schedule": (
        ["null", "linear", "one_cycle", "[cosine]"],
        "constant or step or cosine or one-cycle",
    ),
    "train.warmup_epochs": (
        ["-1", "10000001", *_WRONG_WHOLE],
        f"{_WHOLE} at least 0 and at most 10000000",
    ),
    "train.step_epochs": (
        ["0", "-1", "10000001", *_WRONG_WHOLE],
        f"{_WHOLE} at least 1 and at most 10000000",
    ),
    "train.step_factor": (
        [*_NOT_SHARES, "0", "0.0"],
        "a finite number above 0 and at most 1",
    ),
    "train.averaging": (["null", "mean", "EMA", "[ema]"], "none or ema or swa"),
    "train.average_decay": (_NOT_BELOW_1, _BELOW_1),
    "train.average_from": (_NOT_BELOW_1, _BELOW_1),
    "train.label_smoothing": (_NOT_BELOW_1, _BELOW_1),
    "train.dropout": (_NOT_BELOW_1, _BELOW_1),
    "train.teacher": (["null", "5", "''", "true", "[a]"], "a text that is not empty"),
    "train.teacher_weight": (_NOT_SHARES, _SHARE),
    "train.teacher_temperature": (
        [*_NOT_NUMBERS, "0", "0.009", "1001"],
        "a finite number at least 0.01 and at most 1000",
    ),
    "train.shift": ([*_NOT_NUMBERS, "14.1"], "a finite number at least 0 and at most 14"),
    "train.rotate": ([*_NOT_NUMBERS, "181"], "a finite number at least 0 and at most 180"),
    "train.scale": ([*_NOT_NUMBERS, "0.51"], "a finite number at least 0 and at most 0.5"),
    "train.shear": ([*_NOT_NUMBERS, "0.51"], "a finite number at least 0 and at most 0.5"),
    "train.elastic": ([*_NOT_NUMBERS, "14.1"], "a finite number at least 0 and at most 14"),
    "train.patience": (
        ["0", "-1", "10000001", *_WRONG_WHOLE[1:]],
        f"{_WHOLE} at least 1 and at most 10000000 or null",
    ),
    "split.max_shared_images": (_NOT_SHARES, _SHARE),
    "gate.max_accuracy_drop": (_NOT_SHARES, _SHARE),
    "gate.significance": (_NOT_SHARES, _SHARE),
    "gate.min_test_accuracy": (_NOT_SHARES, _SHARE),
}
