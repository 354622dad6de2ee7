"""The network from scratch, in NumPy alone: it knows no file, no params and no pipeline.

The letters, each with one meaning everywhere (n images, m of them training rows). Images are
rows in the data, and columns inside the network, as in the post's W x + b:

    X       (n, 784)        images as rows, pixels from 0 to 255
    Y       (n, 10)         one-hot labels, as rows
    W       (n_out, n_in)   weights of a layer
    b       (n_out,)        biases of a layer
    A       (n_out, n)      what comes out of a layer; before the first, X.T / pixel scale
    Z       (n_out, n)      W @ A + b, what goes into a layer's activation function
    P       (10, n)         softmax probabilities
    T       (10, n)         soft targets, where training has others than Y.T
    delta   (n_out, n)      error of a layer: the derivative of the cost by its Z
    theta   (p,)            all parameters one after another, W1, b1, W2, b2, …, p of them
    m                       number of training rows

784 stands for the pixels of an image, however small its side, and 785 for these and a one.
Where the formulas are computed, a row of ones stands below A: then W @ A + b is [W b] @ A, and
delta @ A.T holds the gradient by W and, as its last column, that by b.
"""
