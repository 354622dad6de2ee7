# post
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=1.0 -S train.epochs=500 -S train.learning_rate=0.8 \
    -S train.precision=reproducible

# scaled
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S train.epochs=500 -S train.learning_rate=0.8 \
    -S train.precision=reproducible

# glorot
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=500 \
    -S train.learning_rate=0.8 -S train.precision=reproducible

# batches
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=1.0 -S train.precision=reproducible -S train.batch_rows=128

# momentum
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.1 -S train.precision=reproducible -S train.batch_rows=128 -S train.update=momentum

# adamw
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.003 -S train.precision=reproducible -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.01

# silu
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.0003 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01

# schedule
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5

# affine
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1

# elastic
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# ema
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# without scaled
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=1.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.003 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# without glorot
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S train.epochs=80 -S train.learning_rate=0.019 \
    -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema \
    -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 \
    -S train.elastic=0.5

# without batches
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.03 -S train.precision=reproducible -S train.activation=silu -S train.update=adamw \
    -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema \
    -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 \
    -S train.elastic=0.5

# without adamw
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.1 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=momentum -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# without silu
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.01 -S train.precision=reproducible -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema \
    -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 \
    -S train.elastic=0.5

# without schedule
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.003 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.averaging=ema -S train.average_decay=0.998 \
    -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# without affine
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.elastic=0.5

# without elastic
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1

# without ema
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# smoothing
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.label_smoothing=0.05 -S train.shift=1.0 \
    -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# dropout
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 \
    -S train.averaging=ema -S train.average_decay=0.998 -S train.dropout=0.05 -S train.shift=1.0 -S train.rotate=7.5 \
    -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# clipping
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=80 \
    -S train.learning_rate=0.019 -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 \
    -S train.update=adamw -S train.weight_decay=0.01 -S train.clip_norm=1.0 -S train.schedule=cosine \
    -S train.warmup_epochs=5 -S train.averaging=ema -S train.average_decay=0.998 -S train.shift=1.0 \
    -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 -S train.elastic=0.5

# linear
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.layers='[784,10]' \
    -S initialize.first_weights=glorot -S train.epochs=60 -S train.learning_rate=0.003 \
    -S train.precision=reproducible -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 \
    -S train.schedule=cosine -S train.warmup_epochs=2

# teacher
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=27000 -S split.validation_rows=3000 \
    -S split.test_rows=12000 -S encode.pixel_scale=255.0 -S initialize.layers='[784,100,10]' \
    -S initialize.first_weights=glorot -S train.epochs=100 -S train.learning_rate=0.002 \
    -S train.precision=reproducible -S train.activation=silu -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=2 -S train.shift=1.0 \
    -S train.rotate=10.0 -S train.scale=0.1 -S train.shear=0.1 -S train.elastic=1.0

# 16-16 of 30,000
dvc exp run -S ingest.source=data/raw/mnist -S split.train_rows=30000 -S split.test_rows=12000 \
    -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=700 -S train.learning_rate=0.019 \
    -S train.precision=float32 -S train.activation=silu -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.01 -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema \
    -S train.average_decay=0.998 -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 -S train.shear=0.1 \
    -S train.elastic=0.5

# 16-16
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S initialize.first_weights=glorot -S train.epochs=400 -S train.learning_rate=0.0083 \
    -S train.precision=float32 -S train.activation=silu -S train.batch_rows=128 -S train.update=adamw \
    -S train.weight_decay=0.1 -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema \
    -S train.shift=1.0 -S train.rotate=10.0 -S train.scale=0.1 -S train.shear=0.1 -S train.elastic=1.0

# small
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S encode.side=14 -S initialize.layers='[196,52,40,10]' \
    -S initialize.first_weights=glorot -S train.epochs=500 -S train.learning_rate=0.0043 -S train.precision=float32 \
    -S train.activation=silu -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 \
    -S train.schedule=cosine -S train.warmup_epochs=5 -S train.averaging=ema -S train.shift=1.0 -S train.rotate=10.0 \
    -S train.scale=0.1 -S train.shear=0.1 -S train.elastic=1.0

# 30
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S initialize.layers='[784,30,10]' -S initialize.first_weights=glorot \
    -S train.epochs=150 -S train.learning_rate=0.0045 -S train.precision=float32 -S train.activation=silu \
    -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine \
    -S train.warmup_epochs=5 -S train.averaging=ema -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# 100
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S initialize.layers='[784,100,10]' -S initialize.first_weights=glorot \
    -S train.epochs=100 -S train.learning_rate=0.0031 -S train.precision=float32 -S train.activation=silu \
    -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine \
    -S train.warmup_epochs=5 -S train.averaging=ema -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# 512-512
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S initialize.layers='[784,512,512,10]' -S initialize.first_weights=glorot \
    -S train.epochs=30 -S train.learning_rate=0.0034 -S train.precision=float32 -S train.activation=silu \
    -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine \
    -S train.warmup_epochs=5 -S train.averaging=ema -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5

# free
dvc exp run -S ingest.source=data/raw/mnist -S split.shuffle=false -S split.train_rows=60000 \
    -S encode.pixel_scale=255.0 -S initialize.layers='[784,1000,500,10]' -S initialize.first_weights=glorot \
    -S train.epochs=30 -S train.learning_rate=0.0034 -S train.precision=float32 -S train.activation=silu \
    -S train.batch_rows=128 -S train.update=adamw -S train.weight_decay=0.01 -S train.schedule=cosine \
    -S train.warmup_epochs=5 -S train.averaging=ema -S train.shift=1.0 -S train.rotate=7.5 -S train.scale=0.075 \
    -S train.shear=0.1 -S train.elastic=0.5
