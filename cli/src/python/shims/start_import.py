
# What a process of an executable needs before all else.
import _adder_start
