// SPDX-License-Identifier: ISC
// The order mail and the theme by liquidjs, for make bench-liquid:
// liquid.js TEMPLATE DATA THEME-DIR
const fs = require('fs');
const path = require('path');
const { Liquid } = require('liquidjs');
const { version } = require('liquidjs/package.json');

const [, , templateFile, dataFile, theme] = process.argv;
const engine = new Liquid({ partials: path.join(theme, 'snippets'), extname: '.liquid', cache: true });
engine.registerFilter('money', (cents) =>
	Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',') + '.' +
	String(cents % 100).padStart(2, '0') + ' €');

function best(runs, once) {
	let least = Infinity;
	for (let round = 0; round < 20; round++) {
		const start = process.hrtime.bigint();
		for (let i = 0; i < runs; i++)
			once();
		least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e3 / runs);
	}
	return Math.round(least);
}

const source = fs.readFileSync(templateFile, 'utf8');
const data = JSON.parse(fs.readFileSync(dataFile, 'utf8'));
const template = engine.parse(source);
const parse = best(50, () => engine.parse(source));
const render = best(50, () => engine.renderSync(template, data));
console.log(`order-mail liquidjs-${version} parse_us=${parse} render_us=${render}`);

const themeData = JSON.parse(fs.readFileSync(path.join(theme, 'data.json'), 'utf8'));
const names = fs.readdirSync(path.join(theme, 'pages')).sort();
const sources = names.map((name) => fs.readFileSync(path.join(theme, 'pages', name), 'utf8'));
const pages = sources.map((text) => engine.parse(text));
const same = names.filter((name, i) => engine.renderSync(pages[i], themeData) ===
	fs.readFileSync(path.join(theme, 'out', name), 'utf8')).length;
const themeParse = best(3, () => sources.forEach((text) => engine.parse(text)));
const themeRender = best(3, () => pages.forEach((page) => engine.renderSync(page, themeData)));
console.log(`theme liquidjs-${version} parse_us=${themeParse} render_us=${themeRender} ` +
	`same_output=${same}/${names.length}`);
