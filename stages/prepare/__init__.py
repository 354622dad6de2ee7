"""From a picture of handwritten digits to images as MNIST's: functions from arrays to arrays.

It knows no file, and NumPy alone but for the labels of connected pixels. All is whole numbers and
plain + − × ÷, so that the same steps in another language give the same images; `preparing` has
their order. Of two parts of a picture, ink is what is written and paper what it is written on,
whichever is darker.

    picture   (height, width, 3) uint8, red, green and blue
    shade     (height, width) whole numbers, high for paper and low for ink
    strength  (height, width) float64, 0 for paper and up to 1 for ink, whatever light falls on it
    mask      (height, width) bool, True for ink
    image     (28, 28) uint8, 0 for paper to 255 for ink, as in MNIST
"""
