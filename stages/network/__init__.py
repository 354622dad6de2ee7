"""The network from scratch, in NumPy alone: it knows no file, no params and no pipeline.

The letters, each with one meaning everywhere (n images, m of them training rows):

    X       (n, 784)        images as rows, pixels already divided by the pixel scale
    Y       (n, 10)         one-hot labels
    W       (n_out, n_in)   weights of a layer
    b       (n_out,)        biases of a layer
    Z       (n, n_out)      X @ W.T + b, what goes into a layer's activation function
    A       (n, n_out)      what comes out of it
    P       (n, 10)         softmax probabilities
    delta   (n, n_out)      error of a layer: the derivative of the cost by its Z
    m                       number of training rows
"""
