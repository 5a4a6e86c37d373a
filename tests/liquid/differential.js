// SPDX-License-Identifier: ISC
// A request a line, an answer a line, as `postclerk template eval --jsonl`: by liquidjs.
const readline = require('readline');
const { Liquid } = require('liquidjs');

readline.createInterface({ input: process.stdin }).on('line', (line) => {
	const request = JSON.parse(line);
	const engine = new Liquid({
		templates: request.templates, strictFilters: true, ownPropertyOnly: true, timezoneOffset: 0,
	});
	const answer = { id: request.id };
	try {
		answer.output = engine.parseAndRenderSync(request.template, request.data);
	} catch (error) {
		answer.error = { message: error.message };
	}
	console.log(JSON.stringify(answer));
});
