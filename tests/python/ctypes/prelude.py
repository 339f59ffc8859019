# Closures that are there when the checkpoint is made.
import ctypes

compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))(
    lambda a, b: a[0] - b[0]
)
libc = ctypes.CDLL(None)
adders = [ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x, y=y: x + y) for y in range(1000)]
del adders[::2]
ctypes.kept = compare, libc, adders
