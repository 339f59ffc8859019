// C++ exceptions, RTTI and static objects.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

struct Noisy {
    const char *name;

    explicit Noisy(const char *n) : name(n) {
        std::printf("+%s\n", name);
    }

    ~Noisy() {
        std::printf("-%s\n", name);
    }
};

static Noisy global("global");

struct Base {
    virtual ~Base() = default;

    virtual const char *what() const {
        return "base";
    }
};

struct Derived : Base {
    const char *what() const override {
        return "derived";
    }
};

static int thrower(int kind) {
    Noisy local("local");
    switch (kind) {
    case 0:
        return 0;
    case 1:
        throw 42;
    case 2:
        throw std::runtime_error("runtime");
    case 3:
        throw Derived();
    case 4:
        throw std::string("string");
    case 5:
        return std::vector<int>{1, 2, 3}.at(10);
    case 6:
        return static_cast<int>(std::string("abc").substr(7).size());
    case 7:
        return std::stoi("not a number");
    case 8:
        throw std::make_unique<int>(8);
    default:
        throw;
    }
}

static void run(int kind) {
    try {
        Noisy outer("outer");
        std::printf("returned %d\n", thrower(kind));
    } catch (int value) {
        std::printf("int %d\n", value);
    } catch (const std::out_of_range &) {
        std::printf("out of range\n");
    } catch (const std::exception &error) {
        std::printf("exception %s\n",
                    dynamic_cast<const std::runtime_error *>(&error) ? error.what() : "other");
    } catch (const Base &base) {
        std::printf("base: %s\n", base.what());
    } catch (const std::string &text) {
        std::printf("string %s\n", text.c_str());
    } catch (...) {
        std::printf("something\n");
    }
}

static void nested() {
    try {
        try {
            throw std::logic_error("inner");
        } catch (...) {
            std::throw_with_nested(std::runtime_error("outer"));
        }
    } catch (const std::exception &error) {
        std::printf("%s", error.what());
        try {
            std::rethrow_if_nested(error);
        } catch (const std::exception &inner) {
            std::printf(" <- %s\n", inner.what());
        }
    }
}

struct InDestructor {
    ~InDestructor() {
        std::printf("uncaught %d\n", std::uncaught_exceptions());
    }
};

int main(int argc, char **) {
    for (int kind = 0; kind <= 8; kind++)
        run(kind);
    nested();
    try {
        InDestructor object;
        throw 1;
    } catch (int) {
    }
    std::exception_ptr saved;
    try {
        throw std::invalid_argument("saved");
    } catch (...) {
        saved = std::current_exception();
    }
    try {
        std::rethrow_exception(saved);
    } catch (const std::invalid_argument &error) {
        std::printf("again: %s\n", error.what());
    }
    std::function<void(int)> recurse = [&](int n) {
        if (n == 0)
            throw n;
        Noisy *none = nullptr;
        (void)none;
        recurse(n - 1);
    };
    try {
        recurse(500);
    } catch (int n) {
        std::printf("from 500 deep: %d\n", n);
    }
    int caught = 0;
    for (int i = 0; i < 20000; i++) {
        try {
            if (i % 2)
                throw i;
            throw std::bad_alloc();
        } catch (int) {
            caught++;
        } catch (const std::bad_alloc &) {
            caught += 2;
        }
    }
    std::printf("%d\n", caught);
    std::map<std::string, int> words{{"one", 1}, {"two", 2}};
    for (auto &[word, number] : words)
        std::cout << word << '=' << number << ' ';
    std::cout << std::endl;
    try {
        (void)words.at("three");
    } catch (const std::out_of_range &) {
        std::cout << "no three" << std::endl;
    }
    if (argc > 1) {
        std::printf("not caught\n");
        std::fflush(stdout);
        throw std::runtime_error("not caught");
    }
    return 0;
}
