"""Objects of the module operator in cycles, which the garbage collector clears."""

import gc
import operator
import pickle
import sys

upper = operator.methodcaller("upper")
assert pickle.loads(pickle.dumps(upper))("a") == "A"
print(upper("a"), operator.methodcaller("split", ",", maxsplit=1)("a,b,c"), upper, type(upper))
for make in operator.methodcaller, operator.attrgetter, operator.itemgetter:

    class Owner:
        call = make("upper")
        other = operator.methodcaller("upper", "a class")

    Owner.third = operator.methodcaller("upper", Owner)
    Owner.fourth = operator.methodcaller("upper", key=Owner)
    del Owner
    print(make.__name__, gc.collect() > 0)

# One that is left for the end of the process.
class Last:
    pass


Last.call = operator.methodcaller("upper", Last)
sys.last = Last
