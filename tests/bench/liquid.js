// SPDX-License-Identifier: ISC
// The order mail by liquidjs, for tests/bench-liquid: liquid.js TEMPLATE DATA
const fs = require('fs');
const { Liquid } = require('liquidjs');

const engine = new Liquid();
engine.registerFilter('money', (cents) =>
	(cents / 100).toLocaleString('en', { minimumFractionDigits: 2 }) + ' €');

function best(runs, once) {
	let least = Infinity;
	for (let round = 0; round < 10; round++) {
		const start = process.hrtime.bigint();
		for (let i = 0; i < runs; i++)
			once();
		least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e3 / runs);
	}
	return Math.round(least);
}

const source = fs.readFileSync(process.argv[2], 'utf8');
const data = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
const template = engine.parse(source);
const parse = best(50, () => engine.parse(source));
const render = best(50, () => engine.renderSync(template, data));
console.log(`liquid liquidjs parse_us=${parse} render_us=${render}`);
