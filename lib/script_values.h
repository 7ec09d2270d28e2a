// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCRIPT_VALUES_H
#define SCRIPT_VALUES_H

/* What is done with values: a part of script_state.h. */

/* script_value.c */
struct script_value script_unary(
	struct script *s, unsigned int op, const struct script_value *v);
void script_copy(struct script *s, size_t at, size_t len);
/* The number of a text's first character. */
struct script_value script_element_number(
	struct script *s, const struct script_value *v);
/* A text of the numbers, or characters, of a list. */
struct script_value script_bytes(
	struct script *s, const struct script_value *v, bool is_bytes);
/* As tr does. */
struct script_value script_translate(struct script *s,
	const struct script_value *v, struct bytes from, struct bytes to);
struct script_value script_binary(struct script *s, unsigned int op,
	const struct script_value *a, const struct script_value *b);
/* What both came from. */
void script_inherit(struct script *s, struct script_value *to,
	const struct script_value *from);
/* One more thing was undone. */
void script_undone(struct script *s, struct script_value *v, const char *name,
	unsigned char flags);
/* A text from what was added to the arena behind at. */
struct script_value script_made(struct script *s, size_t at);
struct script_value script_string(struct script *s, struct bytes text);
bool script_true(const struct script *s, const struct script_value *v);
/* As a text: numbers are written out, a list's elements next to each other. */
struct script_value script_to_text(
	struct script *s, const struct script_value *v);
/* As a number: of a text, its digits. False: it is none. */
bool script_to_int(
	const struct script *s, const struct script_value *v, int64_t *n);
struct script_value script_chr(struct script *s, const struct script_value *v);
bool script_equal(struct script *s, const struct script_value *a,
	const struct script_value *b);

/* script_list.c */
/* The elements that a list of numbers names. */
struct script_value script_pick(struct script *s, const struct script_value *v,
	const struct script_value *numbers);
struct script_value script_fields(struct script *s,
	const struct script_value *v, uint32_t first, uint32_t step);
size_t script_length(const struct script *s, const struct script_value *v);
struct script_value script_element(
	struct script *s, const struct script_value *v, int64_t i);
struct script_value script_slice(struct script *s, const struct script_value *v,
	int64_t from, int64_t to, int64_t step);
struct script_value script_list(
	struct script *s, const struct script_value *args, size_t n);
/* Adds to a list, which moves if it can't grow where it is. */
void script_append(struct script *s, struct script_value *list,
	const struct script_value *v);
struct script_value script_join(struct script *s,
	const struct script_value *list, struct bytes between);
/* What was written next to each other. */
struct script_value script_concat(
	struct script *s, const struct script_value *list);
struct script_value script_split(
	struct script *s, const struct script_value *v, struct bytes by);
struct script_value script_reverse(
	struct script *s, const struct script_value *v);
struct script_value script_as_list(
	struct script *s, const struct script_value *v);
struct script_value script_range(
	struct script *s, int64_t from, int64_t to, int64_t step);

/* script_call.c: a function or method that the language has. self: NULL for a
 * function of no value. */
unsigned short script_call_of(const struct script *s, struct bytes name);
/* Adds the names of all calls. */
void script_call_names(struct script_dictionary *d);
struct script_value script_call(struct script *s, unsigned short call,
	const struct script_value *self, struct script_value *args, size_t n);
bool script_is_runner(unsigned short call);
bool script_is_write(unsigned short call);
bool script_is_word_call(unsigned short call);
bool script_is_mapping(unsigned short call);
/* Without arguments it is about $_ or @_. */
bool script_is_about(unsigned short call);
/* It needs no brackets: a.length */
bool script_is_property(unsigned short call);
bool script_is_unary(unsigned short call);
/* script_code.c: decoders among them. */
struct script_value script_decoder(
	struct script *s, unsigned int id, struct script_value *args, size_t n);
unsigned int script_call_id(unsigned short call);
struct script_value script_about_texts(struct script *s, unsigned int id,
	struct script_value *args, size_t n, bool has_self);
/* script_sort.c: the elements in order, by a function of each or of two. */
struct script_value script_sorted(
	struct script *s, struct script_value *a, size_t n);
/* script_lists.c */
struct script_value script_about_lists(struct script *s, unsigned int id,
	struct script_value *args, size_t n, bool has_self);
/* script_shell.c: PowerShell's { ... } that is no map, whose bracket is at
 * open; what stands behind & or . at pos, and what it is given. */
bool script_is_block(const struct script *s, size_t open);
struct script_value script_shell_block(struct script *s, size_t open);
struct script_value script_shell_call(struct script *s);
struct script_value script_shell_given(
	struct script *s, const struct script_value *of);
/* script_hole.c: adds the tokens of the expressions in a string, or in what a
 * pattern puts in. */
void script_lex_holes(
	struct script *s, struct script_token *t, uint32_t value, uint32_t len);
/* A string with the values of what is in it. */
struct script_value script_filled(
	struct script *s, const struct script_token *t);
/* script_cut.c: false: it is for lists. */
bool script_cut(struct script *s, unsigned int id, struct script_value *args,
	size_t n, bool has_self, struct script_value *v);
/* script_marshal.c: what Python's marshal holds: a text, or of a code object
 * those that it holds. */
struct script_value script_marshal(
	struct script *s, const struct script_value *v);
/* script_pack.c */
struct script_value script_unpack(struct script *s, struct bytes how,
	const struct script_value *args, size_t n, bool is_pack);

/* script_pattern.c */
struct script_pattern {
	struct bytes text;
	bool is_lua, is_caseless;
	bool is_first; /* only the first place is asked for */
	uint32_t holes; /* the tokens of what is in the other text; 0: none */
};
/* Each place that the pattern finds in v: a list of them, or, with to or f,
 * the text with these put there. */
struct script_value script_matches(struct script *s,
	const struct script_value *v, const struct script_pattern *p);
/* The last match and its groups. */
struct script_value script_groups(struct script *s);
struct script_value script_exchange(struct script *s,
	const struct script_value *v, const struct script_pattern *p,
	const struct script_value *with, size_t code);

/* script_replace.c: a pattern as it is written, with (?i) before it where case
 * does not matter; the one that a text is, without PHP's /.../ around it. */
/* What compile makes of a pattern. */
struct script_value script_pattern_made(
	struct script *s, const struct script_value *a, size_t n);
struct script_pattern script_pattern_in(
	const struct script *s, struct bytes text);
struct script_pattern script_pattern_of(
	const struct script *s, const struct script_value *v);
struct script_pattern script_bare(
	const struct script *s, const struct script_value *v);
struct script_value script_exchanged(struct script *s,
	const struct script_value *v, struct script_pattern p,
	const struct script_value *with);
struct script_value script_replace(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self);
struct script_value script_translated(
	struct script *s, unsigned int id, struct script_value *a, size_t n);

#endif
