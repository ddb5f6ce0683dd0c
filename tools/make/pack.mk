# A tarball of a lesson's folder with the library inside, which works alone.

.PHONY: pack

PACKED := build/pack/$(NAME)

pack:
	@rm -rf build/pack && mkdir -p $(PACKED)/tools
	@cp $(wildcard *.c *.h *.txt test.bats) Makefile README.md $(PACKED)
	@$(if $(EXERCISES),cp -R exercise $(PACKED))
	@cp $(firstword $(wildcard LICENSE ../LICENSE)) $(PACKED)
	@cp -R $(COMMON) $(ROOT)/trace $(wildcard $(ROOT)/plain) $(PACKED)
	@cp -R $(addprefix $(ROOT)/tools/,make workshop test.sh run_tests.c \
	    time_limit.c) $(PACKED)/tools
	@$(if $(EXPLORE),mkdir -p $(PACKED)/explore && \
	    cp -R $(addprefix $(dir $(EXPLORE)),base schedule model wrap report \
	    main.c Makefile exported.txt scenarios.mk) $(PACKED)/explore)
	@tar -czf build/pack/tar.gz -C build/pack $(NAME)
	@mv build/pack/tar.gz $(NAME).tar.gz && rm -rf build/pack
	@echo "$(NAME).tar.gz"
