

# The class methodcaller in C ends the program when the garbage collector meets it: the function that clears one returns nothing,
# and the collector calls it as one that returns a number. The class above does the same without it.
try:
    import _operator

    del _operator.methodcaller
except (ImportError, AttributeError):
    pass
else:
    del _operator
