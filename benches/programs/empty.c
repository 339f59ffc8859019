/* A native process that does nothing: what starting any process costs. Linked statically. */
int main(void) { return 0; }
