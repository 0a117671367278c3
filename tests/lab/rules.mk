#: make lab        a shell in Dom0 of real Xen, with the programs just built
.PHONY: lab
lab: all
	@tests/lab/lab up
	@tests/lab/lab shell
