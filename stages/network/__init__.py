"""The network from scratch, in NumPy alone: it knows no file, no params and no pipeline.

The letters, each with one meaning everywhere (n images, m of them training rows). Images are
rows in the data, and columns inside the network, as in the post's W x + b:

    X       (n, 784)        images as rows, pixels from 0 to 255
    Y       (n, 10)         one-hot labels, as rows
    W       (n_out, n_in)   weights of a layer
    b       (n_out,)        biases of a layer
    Z       (n_out, n)      W @ A + b, what goes into a layer's activation function
    A       (n_out, n)      what comes out of it; before the first layer, X.T / pixel scale
    P       (10, n)         softmax probabilities
    delta   (n_out, n)      error of a layer: the derivative of the cost by its Z
    m                       number of training rows
"""
