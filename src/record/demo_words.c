/* SPDX-License-Identifier: ISC */
#include "demo_plan.h"

/* clang-format off: lists */
static const char *const de_first[] = {
	"Erika",  "Jürgen",  "Sabine", "Björn",	   "Anke",   "Karin",  "Jörg",
	"Ulrike", "Günther", "Heike",  "Matthias", "Katja",  "Thomas", "Käthe",
	"Stefan", "Renate",  "Uwe",    "Monika",   "Dieter", "Lena",   NULL};
static const char *const de_last[] = {
	"Groß",	    "Müller",  "Krämer",     "Vogt",	    "Schäfer",	 "Weiß",     "König",
	"Böhm",	    "Jäger",   "Brandt",     "Hinterhuber", "Lindemann", "Kirchner", "Baumgärtner",
	"Schröder", "Fuchs",   "Zimmermann", "Albrecht",    "Köhler",	 "Hoffmann", "Ostermeier",
	"Wiesner",  "Dörfler", "Strauß",     NULL};
static const char *const de_streets[] = {"Lindenweg",	  "Hauptstraße",   "Mühlgasse",
					 "Am Kirchplatz", "Goethestraße",  "Rosenallee",
					 "Schloßstraße",  "Bahnhofstraße", NULL};
static const char *const de_cities[] = {"Berlin",   "Köln",   "München",   "Düsseldorf", "Leipzig",
					"Nürnberg", "Lübeck", "Göttingen", NULL};
static const char *const en_first[] = {"John",	  "Mary",   "Peter", "Grace",	"Liam",	 "Emma",
				       "Olivia",  "Noah",   "Sean",  "Ava",	"Ruth",	 "Ivan",
				       "Harriet", "George", "Fiona", "Siobhán", "Angus", "Beth",
				       "Callum",  "Zoë",    NULL};
static const char *const en_last[] = {
	"Carter",      "Hughes",    "Walsh",   "Baker",	     "Byrne", "Stone-Ward",
	"Park",	       "Quinn",	    "Murphy",  "Mills",	     "Adams", "O'Connell",
	"Fairweather", "Thornbury", "Ashdown", "Kettlewell", "Marsh", "Whitcombe",
	"Penrose",     "Locke",	    "Hollis",  "Bramwell",   NULL};
static const char *const en_streets[] = {"Mill Lane",	  "High Street",      "Church Road",
					 "Station Road",  "Queen's Avenue",   "The Green",
					 "Orchard Close", "Victoria Terrace", NULL};
static const char *const en_cities[] = {"Bristol", "Leeds", "Norwich", "Exeter", "Cardiff",
					"Glasgow", "Bath",  "Durham",  NULL};
static const char *const nl_first[] = {"Jan",	 "Sanne", "Pieter", "Anouk",  "Daan",  "Femke",
				       "Kees",	 "Lotte", "Bram",   "Maaike", "Joost", "Renée",
				       "Willem", "Tess",  "Sjoerd", "Elske",  NULL};
static const char *const nl_last[] = {"Jansen",	 "de Vries", "van der Meer", "Bakker",	 "van Dijk",
				      "Visser",	 "Smit",     "Mulder",	     "de Boer",	 "Dekker",
				      "Kuipers", "Hoekstra", "van den Berg", "Terpstra", "Zijlstra",
				      "Postma",	 "Wiersma",  "Brouwer",	     NULL};
static const char *const nl_streets[] = {"Dorpsstraat", "Keizersgracht",  "Molenweg",
					 "Kerkstraat",	"Wilhelminalaan", "Singel",
					 "Nieuwe Dijk", "Havenkade",	  NULL};
static const char *const nl_cities[] = {"Amsterdam", "Utrecht",	 "Groningen", "Leiden", "Den Haag",
					"Zwolle",    "Nijmegen", "Haarlem",   NULL};
static const char *const fr_first[] = {
	"Claire", "Étienne", "Hélène", "François", "Zoé",      "Loïc", "Amélie", "Benoît", "Chloé",
	"Gaël",	  "Margaux", "Rémi",   "Solène",   "Thibault", "Inès", "Jérôme", NULL};
static const char *const fr_last[] = {"Dubois",	  "Lefèvre", "Garçon",	 "Bérenger", "Noël",
				      "Château",  "Roussel", "Delaunay", "Fontaine", "Guérin",
				      "Marchand", "Peltier", "Vasseur",	 "Hervé",    "Lemoine",
				      "Bonnefoy", NULL};
static const char *const fr_streets[] = {"rue de l'Église",
					 "avenue Victor Hugo",
					 "place du Marché",
					 "rue des Écoles",
					 "boulevard Saint-Michel",
					 "chemin du Moulin",
					 NULL};
static const char *const fr_cities[] = {"Lyon",	     "Nantes", "Besançon", "Orléans", "Nîmes",
					"Angoulême", "Paris",  "Dijon",	   NULL};
static const char *const es_first[] = {"José",	"María", "Iñigo", "Begoña", "Ángel",
				       "Lucía", "Jesús", "Nuria", "Óscar",  "Rocío",
				       "Tomás", "Inés",	 NULL};
static const char *const es_last[] = {"García",	    "Muñoz",	 "Peña",    "Ibáñez",  "Hernández",
				      "Núñez",	    "Gutiérrez", "Castaño", "Vázquez", "Rodríguez",
				      "Echevarría", "Zúñiga",	 NULL};
static const char *const es_streets[] = {"Calle Mayor",	   "Avenida de España", "Plaza del Sol",
					 "Paseo Marítimo", "Calle Águila",	NULL};
static const char *const es_cities[] = {"Málaga", "A Coruña", "Sevilla", "León",
					"Cádiz",  "Logroño",  NULL};
static const char *const da_first[] = {"Søren", "Mette", "Åse",	   "Jørgen", "Kirsten", "Bjørn",
				       "Ærlig", "Signe", "Rasmus", "Freja",  NULL};
static const char *const da_last[] = {"Nørgaard", "Sørensen", "Kjær",	   "Østergaard",
				      "Møller",	  "Bæk",      "Jørgensen", "Skovgaard",
				      "Lund",	  "Ågård",    NULL};
static const char *const da_streets[] = {"Nørregade", "Strandvejen",  "Søndergade",
					 "Ågade",     "Østerbrogade", NULL};
static const char *const da_cities[] = {"København", "Aarhus",	   "Ålborg",
					"Helsingør", "Sønderborg", NULL};
static const char *const pl_first[] = {"Łukasz",    "Małgorzata", "Paweł",  "Żaneta",
				       "Stanisław", "Agnieszka",  "Michał", "Grażyna",
				       "Wojciech",  "Kasia",	  NULL};
static const char *const pl_last[] = {"Wójcik", "Kowalczyk", "Dąbrowska",   "Zieliński",
				      "Łuczak", "Błaszczyk", "Gołębiewska", "Szymański",
				      "Wróbel", "Jabłoński", NULL};
static const char *const pl_streets[] = {"ulica Długa", "ulica Świętokrzyska", "aleja Róż",
					 "ulica Łąkowa", NULL};
static const char *const pl_cities[] = {"Łódź", "Kraków", "Gdańsk", "Wrocław", "Poznań", NULL};
static const char *const gr_first[] = {"Γιώργος", "Ελένη", "Δημήτρης", "Άννα",
				       "Νίκος",	  "Σοφία", NULL};
static const char *const gr_last[] = {"Παπαδόπουλος", "Γεωργίου", "Νικολαΐδης", "Ιωάννου",
				      "Σταύρου",      "Αλεξίου",  NULL};
static const char *const gr_streets[] = {"Οδός Αθηνάς", "Λεωφόρος Αλεξάνδρας", "Οδός Ερμού", NULL};
static const char *const gr_cities[] = {"Αθήνα", "Θεσσαλονίκη", "Πάτρα", NULL};

const struct demo_country demo_countries[DEMO_COUNTRIES] = {
	{"DE", "de", "EUR", "+49 30", "post.example", de_first, de_last, de_streets, de_cities,
	 "%05u"},
	{"GB", "en", "EUR", "+44 117", "mail.example", en_first, en_last, en_streets, en_cities,
	 "BS%u %u%c%c"},
	{"NL", "nl", "EUR", "+31 20", "brief.example", nl_first, nl_last, nl_streets, nl_cities,
	 "%04u %c%c"},
	{"FR", "fr", "EUR", "+33 4", "poste.example", fr_first, fr_last, fr_streets, fr_cities,
	 "%05u"},
	{"ES", "es", "EUR", "+34 95", "correo.example", es_first, es_last, es_streets, es_cities,
	 "%05u"},
	{"DK", "da", "EUR", "+45 33", "brev.example", da_first, da_last, da_streets, da_cities,
	 "%04u"},
	{"PL", "pl", "EUR", "+48 42", "poczta.example", pl_first, pl_last, pl_streets, pl_cities,
	 "%05u"},
	{"GR", "el", "EUR", "+30 21", "tachy.example", gr_first, gr_last, gr_streets, gr_cities,
	 "%05u"},
};

const char *const demo_trades[] = {"Tea House",
				   "Teehandel GmbH",
				   "Kontor & Söhne",
				   "Café",
				   "Trading Ltd",
				   "Groothandel B.V.",
				   "Épicerie SARL",
				   "Delikatessen",
				   "Hotel",
				   "Kiosk",
				   "Gallery",
				   "Møbler ApS",
				   NULL};
static const char *const kinds[] = {"TEA", "POT", "CUP", "TIN", "BOX", "JAM",
				    "COF", "SPN", "CAN", "MAT", NULL};
static const char *const kind_names[] = {"Tea", "Pot",	  "Cup",   "Tin",    "Gift box",
					 "Jam", "Coffee", "Spoon", "Candle", "Mat"};
static const char *const adjectives[] = {
	"Earl Grey", "Mint",   "Cast iron", "Blue glaze", "Small",  "Large", "Crème brûlée",
	"Jasmine",   "Smoked", "Bamboo",    "Winter",	  "Summer", NULL};
static const char *const sizes[] = {"100 g", "250 g"};
const char *const demo_notes[] = {"Asked for an invoice in two copies",
				  "Prefers calls in the afternoon",
				  "Moved house, new address confirmed",
				  "Collects old tins",
				  "Paid twice in January, was refunded",
				  "Writes for a magazine",
				  NULL};
const char *const demo_comments[] = {"Please ring twice",
				     "Gift: leave out the prices",
				     "Delivery to the neighbour is fine",
				     "Wrap the pot separately",
				     "Customer called about the delay",
				     "Leave at reception",
				     NULL};
/* clang-format on */

const char *demo_word(const char *const *list, struct demo_dice *dice)
{
	size_t n = 0;
	while (list[n])
		n++;
	return list[demo_throw(dice, n)];
}

char *demo_sku(struct arena *a, unsigned item)
{
	return arena_printf(a, "%s-%03u", kinds[item % 10], item);
}

char *demo_item(struct arena *a, unsigned item)
{
	return arena_printf(a, "%s %s, %s", adjectives[item / 10 % 12], kind_names[item % 10],
			    sizes[item / 120 % 2]);
}

int64_t demo_price(unsigned item)
{
	return 295 + (int64_t)(item * 7919 % 97) * 100 + (item % 2 ? 0 : 55);
}
