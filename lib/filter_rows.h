// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FILTER_ROWS_H
#define FILTER_ROWS_H

/* The rows of filter: for filter's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "str.h"

/* What a person keeps in order is far less. */
#define FILTER_ROWS_MAX  512
#define FILTER_TESTS_MAX 2048
/* Ancestors that an event has. */
#define FILTER_DEPTH_MAX 8

enum filter_field {
	FILTER_USER,
	FILTER_AUSER,
	FILTER_GROUP,
	FILTER_EXE,
	FILTER_COMM,
	FILTER_CMD,
	FILTER_CWD,
	FILTER_TTY,
	FILTER_KEY,
	FILTER_NODE,
	FILTER_SYSCALL,
	FILTER_SUCCESS,
	FILTER_PARENT,
	FILTER_ANCESTOR,
	FILTER_CONTAINER,
	FILTER_N_FIELDS
};

enum filter_op {
	FILTER_IS,
	FILTER_NOT,
	FILTER_BEGINS,
	FILTER_ENDS,
	FILTER_HAS,
	FILTER_MATCHES
};

struct filter_test {
	enum filter_field field;
	enum filter_op op;
	bool is_number; /* of a user or group */
	uint32_t number;
	struct str value;
	struct pattern *code; /* of FILTER_MATCHES */
};

struct filter_row {
	unsigned int name; /* in names */
	double below;
	uint32_t depth; /* of FILTER_ANCESTOR */
	size_t first_test, n_tests;
};

struct filter_rules {
	char names[FILTER_NAMES_MAX][FILTER_NAME_LEN + 1];
	size_t n_names;
	struct filter_row *rows;
	size_t n_rows;
	struct filter_test *tests;
	size_t n_tests;
};

#endif
