"""A machine with a stack and a compiler for it: a loop over instructions, as interpreters have; and a tape machine."""

PUSH, LOAD, STORE, ADD, SUBTRACT, MULTIPLY, LESS, JUMP, JUMP_IF_NOT, PRINT, HALT = range(11)


def assemble(text):
    """Words to instructions; `name:` is a place, `@name` jumps there."""
    names, places, code = {}, {}, []
    simple = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "<": LESS, "print": PRINT, "halt": HALT}
    for word in text.split():
        if word.endswith(":"):
            places[word[:-1]] = len(code)
        elif word[0] in "@?":
            code.append((JUMP if word[0] == "@" else JUMP_IF_NOT, word[1:]))
        elif word[0] in "=.":
            code.append((STORE if word[0] == "=" else LOAD, names.setdefault(word[1:], len(names))))
        elif word in simple:
            code.append((simple[word], None))
        else:
            code.append((PUSH, int(word)))
    return [(op, places[value] if op in (JUMP, JUMP_IF_NOT) else value) for op, value in code], len(names)


def run(code, variables):
    stack, memory, at, steps, output = [], [0] * variables, 0, 0, []
    while True:
        op, value = code[at]
        at += 1
        steps += 1
        if op == PUSH:
            stack.append(value)
        elif op == LOAD:
            stack.append(memory[value])
        elif op == STORE:
            memory[value] = stack.pop()
        elif op == ADD:
            right = stack.pop()
            stack[-1] += right
        elif op == SUBTRACT:
            right = stack.pop()
            stack[-1] -= right
        elif op == MULTIPLY:
            right = stack.pop()
            stack[-1] = stack[-1] * right % 1_000_003
        elif op == LESS:
            right = stack.pop()
            stack[-1] = stack[-1] < right
        elif op == JUMP:
            at = value
        elif op == JUMP_IF_NOT:
            if not stack.pop():
                at = value
        elif op == PRINT:
            output.append(stack.pop())
        else:
            return output, steps


SOURCE = """
    1 =product 0 =sum 0 =i
    outer: .i 700 < ?end
        0 =j
        inner: .j 20 < ?next
            .product .i .j + 3 + * 1 + =product
            .sum .j + =sum
            .j 1 + =j @inner
        next: .i 1 + =i @outer
    end: .product print .sum print halt
"""

TAPE = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+."


def tape(program):
    jumps, open_brackets = {}, []
    for at, sign in enumerate(program):
        if sign == "[":
            open_brackets.append(at)
        elif sign == "]":
            jumps[at] = open_brackets.pop()
            jumps[jumps[at]] = at
    cells, place, at, output = bytearray(30), 0, 0, []
    while at < len(program):
        match program[at]:
            case ">":
                place += 1
            case "<":
                place -= 1
            case "+":
                cells[place] = (cells[place] + 1) & 255
            case "-":
                cells[place] = (cells[place] - 1) & 255
            case ".":
                output.append(chr(cells[place]))
            case "[" if not cells[place]:
                at = jumps[at]
            case "]" if cells[place]:
                at = jumps[at]
        at += 1
    return "".join(output)


class Closures:
    """The same machine's programs as functions that call functions."""

    def compile(self, code):
        return [getattr(self, f"op_{op}")(value) for op, value in code if op in (PUSH, ADD, MULTIPLY)]

    def op_0(self, value):
        return lambda stack: stack.append(value)

    def op_3(self, _):
        return lambda stack: stack.append(stack.pop() + stack.pop())

    def op_5(self, _):
        return lambda stack: stack.append(stack.pop() * stack.pop() % 1_000_003)


code, variables = assemble(SOURCE)
print(run(code, variables))
print([tape(TAPE) for _ in range(25)][0])
expression, _ = assemble("3 4 + 5 * 6 + 7 * 8 9 * + 11 *")
functions = Closures().compile(expression)
for _ in range(12_000):
    stack = []
    for function in functions:
        function(stack)
print(stack)
