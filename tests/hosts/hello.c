// Prints its arguments from memory that it has asked for, and the sum of a table.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char table[100000] = {1, 2, 3, [99999] = 4};

int main(int count, char **arguments) {
    unsigned sum = 0;
    for (size_t index = 0; index < sizeof table; index++)
        sum += table[index];
    for (int index = 1; index < count; index++) {
        char *copy = strdup(arguments[index]);
        if (!copy)
            return 1;
        printf("%s ", copy);
        free(copy);
    }
    printf("hello %u %.3f\n", sum, (double)sum / 3);
    return 7;
}
