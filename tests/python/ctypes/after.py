# Goes on with what the prelude has made.
import ctypes

compare, libc, adders = ctypes.kept
libc.qsort.restype = None
numbers = (ctypes.c_int * 5)(5, 3, 8, 1, 2)
libc.qsort(numbers, 5, 4, compare)
print(list(numbers), libc.strlen(b"four") == 4)
more = [ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x, y=y: x * y) for y in range(500)]
right = [adder(1) == 2 * number + 2 for number, adder in enumerate(adders)]
print(sum(right), sum(function(3) == 3 * y for y, function in enumerate(more)))
