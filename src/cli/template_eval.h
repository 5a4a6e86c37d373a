/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_CLI_TEMPLATE_EVAL_H
#define POSTCLERK_CLI_TEMPLATE_EVAL_H

#include <stdio.h>

/*
 * The evaluator behind `postclerk template eval --jsonl` (TEMPLATES.md 1): a
 * JSON request a line from in, a JSON answer a line to out, in order, until
 * end of file.
 *
 *   {"id":n,"template":s,"data":{},"templates":{name:source},"escape":
 *    "none|html|xml|markdown|header|text","undefined":"blank|error",
 *    "inline":bool,"now":seconds,"zone":name,"limits":{"fuel":n,"output":n,
 *    "memory":n,"depth":n,"partials":n}}
 *   {"id":n,"output":s}
 *   {"id":n,"error":{"message":s,"template":s,"line":n,"column":n,
 *    "phase":"parse|render"},"class":s}
 *
 * A value {"$safe":s} in the data is text that is safe already.  A request
 * that is no JSON object is answered with an error of phase "request".
 * Returns 0, or 74 (EX_IOERR) when out cannot be written.
 */
int template_eval_jsonl(FILE *in, FILE *out);

#endif
