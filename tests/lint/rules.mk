#: make fmt        format all C files as make lint wants them
#: make lint       house rules: format, includes, lengths, forbidden functions
C_FILES = $(shell git ls-files '*.c' '*.h')
.PHONY: fmt lint
fmt:
	@clang-format -i $(C_FILES)
lint:
	@python3 tests/lint/lint.py
