"""The trained network as a graph of ONNX operators."""
