package gazette

func englishTopics() map[string]string {
	return map[string]string{
		"technology": englishTechnology,
		"science":    englishScience,
		"world":      englishWorld,
		"business":   englishBusiness,
		"culture":    englishCulture,
		"sport":      englishSport,
	}
}

// englishCommon holds what stories of every topic share.
const englishCommon = `
# first
Ada
Bram
Celia
Dorian
Edda
Felix
Greta
Hollis
Imara
Jonas
Keziah
Lorenz
Mirela
Nils
Odile
Piotr
Quentin
Rosalind
Stellan
Tamsin
Una
Viktor
Wren
Yusra
# last
Abernethy
Brackwater
Calloway
Dunmore
Eastlake
Farrow
Grindle
Hartnoll
Ingram
Jessop
Kestrel
Lindqvist
Marchbanks
Norrington
Okonedo
Pettifer
Quill
Ravensdale
Sarkany
Thistlewood
Underhill
Vantongeren
Winterbourne
Yarrow
# author
{+first} {+last}
# place
Northfold
Saltmarsh
Port Ellery
Ashcombe
Grenmouth
Lower Tamber
Kestrel Bay
Old Varrow
Stonebridge
Marlow Sound
Elmhurst Vale
Quarry Hill
Bellhaven
Eastwater
West Ferrow
Longstrand
Copperfield Cross
Alder Ness
Twelve Oaks
High Marram
# weekday
Monday
Tuesday
Wednesday
Thursday
Friday
Saturday
# small
two
three
four
five
six
seven
nine
eleven
# percent
4
7
9
12
15
18
23
31
# correction
An earlier version of this story gave the wrong day; it was {weekday}.
This story was updated with a reply from {place}.
A figure in the third paragraph has been corrected.
# body
Nobody the paper spoke to expected it to move this quickly.
The decision had been put off {+small} times since the spring.
Two people with knowledge of the talks confirmed the outline, though not the date.
A short public session drew more questions than there were chairs.
The papers behind the decision run to some three hundred pages, most of them tables.
Neighbors in {+place} have tried something similar, with mixed results.
There is no vote planned before the end of the month.
What happens on {+weekday} will show whether the promise holds.
The cost, so far, is {percent} percent under the estimate.
Critics say the figures leave out the winter months.
Supporters answer that waiting another year would cost more.
It is a small change on paper and a large one in practice.
The first results are expected in about {+small} weeks.
An independent review is to begin before the year is out.
For most people in {place}, little will change at first.
Those who were there describe a room that went quiet, and then did not.
The idea is older than it looks: a version of it was tried and dropped decades ago.
Questions sent on {+weekday} had not been answered by the time of printing.
# quote
“We measured twice and argued once,” said {+first} {+last}. “That is the right way round.”
“If it works here it will work anywhere with worse weather,” {+first} {+last} said.
“I would rather be slow and sure,” said {+first} {+last}, who has done this for {+small} years.
“People ask whether it was worth it,” {+first} {+last} said. “Ask me again in ten years.”
“It is not a miracle, it is maintenance,” said {+first} {+last}.
“Everyone wanted the same thing and nobody had said it aloud,” {+first} {+last} said.
“You plan for the storm and are grateful for the drizzle,” said {+first} {+last}.
# subhead
What happens next
How it came about
The longer view
Why it matters
A quiet beginning
Doubts remain
# closing
A second report is due before the summer.
Until then, the doors stay open on {+weekday} afternoons.
The next meeting is on {+weekday}.
Readers can find the full figures in the annex.
In {place}, at least, nobody is in a hurry.
Whether that is enough, the coming months will tell.
`

const englishTechnology = `
# headline
{maker} open-sources {thing} after {+small} years in private
{thing} now runs on machines the size of a coin
Why {maker} threw away its cache and got faster
A bug in {thing} slept for {+small} years; a student found it
{place} switches over to {thing}, quietly
Inside the library that half of {place} depends on
{maker} halves the memory of {thing}
The case for keeping {thing} boring
{+small} volunteers, one deadline and {thing}
{maker} and {rival} agree on one format at last
No more passwords at the {place} tram office
What {maker} learned from {+small} hours of darkness
{thing} gets a second life in {place}
# maker
Tallow Systems
Brightwater Labs
Kilnhouse
the Pinfold Project
Ostler Computing
Greyfriar Software
Tern and Partners
the Hedgerow Foundation
# rival
Quillon
Marram
Sexton Works
Oldcastle Digital
# thing
its message queue
the small-town weather grid
an offline map
the ferry timetable engine
its compiler
the ledger that never forgets
a pocket spectrometer
the library catalog
its text editor
the street-light controller
# lead
{maker} said on {weekday} that {thing} would be free for anyone to read, run and change.
Nobody noticed the outage in {place}, and that was the surprise.
There is a drawer in {place} that holds the only copy of the manual; now there are two.
The talk lasted {+small} minutes, and the questions went on until the lights were put out.
Engineers in {place} have spent {+small} months on a problem that most people never notice.
What began as a weekend repair in {place} has become the way {maker} does everything.
The new release of {thing} does less than the old one, and that is the point.
# fact
The change removes about eleven thousand lines and adds four hundred.
In a test on {+small} ordinary machines, start-up time fell from seconds to a blink.
The old design kept {+small} copies of everything; the new one keeps one and a checksum.
All of it runs on hardware that a school would throw away.
The tests, its authors point out, are longer than the program.
Memory use is down {percent} percent since the last release.
Nothing leaves the machine unless its owner says so.
# caption
The hills above {place}, where the first relay stands
A view from the old mast at {place}
# tag
open source
networks
hardware
databases
privacy
maintenance
tools
`

const englishScience = `
# headline
{animal} remember faces, a study in {place} suggests
Faint light from a dying star puzzles {institute}
Core from {place} seabed reveals {+small} thousand quiet winters
{institute} maps the currents under {place}
A moss from {place} survives what should have killed it
How {animal} find their way home in fog
Old seeds, new field: {institute} wakes a lost barley
The {place} array hears its first whisper
{animal} return to {place} after {+small} decades
A simpler clock for deep space, built in {place}
Rain writes its own history in the caves of {place}
{institute} finds warm water where none was expected
# animal
harbor seals
jackdaws
grass snakes
eels
bumblebees
barn owls
tide-pool crabs
hares
# institute
the Ellery Institute
Marlow Observatory
the Tamber Field Station
the College of Saltmarsh
the Northfold Survey
# lead
For {+small} years, researchers at {institute} watched the same hillside and wrote everything down.
The field notes fill {+small} boxes, and the last page of the last one changed the answer.
On a clear night above {place}, the difference is just visible to the naked eye.
Textbooks give it a sentence; the team in {place} has given it a decade.
A result published on {weekday} asks readers to think again about {animal}.
The instrument is no larger than a suitcase, and it has just changed a textbook.
It started with a reading that everyone at {institute} took for a mistake.
# fact
The sample covers {+small} sites and more than two thousand observations.
The effect is small, about {percent} percent, but it appears in every season.
All measurements and the code that reads them are published with the paper.
Two other groups have repeated the experiment and see the same slope.
The error bars, the authors write, are honest and wide.
Nobody yet knows what {animal} gain from it.
The instrument was built from parts that cost less than its lens cap.
# caption
Evening over the field station near {place}
The valley of {place}, seen from the survey hut
# tag
biology
astronomy
climate
oceans
methods
field notes
fossils
`

const englishWorld = `
# headline
{place} and {other} sign the ferry treaty
Night trains return to {place} after {+small} years
{place} votes to keep its market square free of cars
Storm passes north of {place}; repairs begin
Border post at {other} becomes a library
{place} opens its archives to anyone who asks
Water talks resume between {place} and {other}
The last lighthouse keeper of {other} hands over the key
{place} counts its trees and finds {percent} percent more
School without walls: {place} tries lessons by the river
Fishermen of {other} win back the early season
A bridge for {place}, {+small} decades late
# other
Varre
Lusken
Tolmin Reach
Aldersund
Castrel
Pellworm Island
Dunvray
Osterby
# lead
Delegates from {place} and {other} needed {+small} evenings to agree on a single page.
The letter from {other} arrived on {weekday}, and it was shorter than anyone had hoped.
People in {place} had stopped asking when, and so the announcement caught them at lunch.
By the harbor wall in {other}, {+small} old men had bet against it; all of them paid up.
The bells rang at noon on {weekday}, and by one o'clock the square was full.
After the flood of last spring, {place} promised to rebuild differently, and this week it began.
It took {+small} months of letters, and in the end a walk along the shore.
# fact
Turnout was {+small} points higher than at the last count.
The line will carry {+small} trains a day in each direction, one of them with sleeping cars.
About {+small} hundred households are affected, most of them near the water.
The text enters into force on the first of the month after it is signed.
In {other}, shops stayed closed for the day in support.
The council of {place} has set aside money for {+small} years.
Observers from both sides called the count fair.
# caption
First light over {place}
The road from {place} to {other}
# tag
diplomacy
cities
transport
elections
rivers
islands
archives
`

const englishBusiness = `
# headline
{firm} raises its forecast on strong orders from {place}
Grain prices ease as {place} reports a full harvest
{firm} to build its next mill in {place}
Workers at {firm} take a {percent} percent share
{place} port handles a record spring
{firm} pays back its loan {+small} years early
Small shops of {place} buy their landlord out
Why {firm} stopped counting quarters
Copper steadies after {+small} nervous days
{firm} and the dockers of {place} reach a deal
A bakery chain that refuses to grow past {+small} shops
Insurers ask {place} for better flood maps
# firm
Halden Mills
Quayside Freight
Orchard and Sons
Tamber Glass
Wickham Rope
Fourwinds Shipping
Pellow Ceramics
The Saltmarsh Bank
# lead
{firm} said on {weekday} that orders had risen {percent} percent, most of them from {place}.
A queue formed in front of {firm} before the doors were open.
The figures came out on {weekday} morning, and by noon the tea rooms of {place} had digested them.
It is not often that both sides of a table leave it smiling.
The ledger of {firm} has fitted in one book for a century; this year it needs a second.
For once the numbers from {place} surprised in the right direction.
The contract is {+small} pages long, and both sides say that is enough.
# fact
Revenue for the half-year was up {percent} percent, costs up less than half of that.
The order book reaches {+small} months ahead, the longest since records began.
Wages will follow prices from the spring, under a formula both sides drew up.
Freight rates from {place} have fallen for {+small} weeks in a row.
The board proposes no dividend and a new roof.
About {+small} hundred people work at the site, two thirds of them on the early shift.
Analysts had expected a fall.
# caption
The yards of {place} before the early shift
Fields near {place}, where most of the grain comes from
# tag
markets
trade
work
harvest
shipping
cooperatives
interest rates
`

const englishCulture = `
# headline
A lost quartet by {artist} is heard again in {place}
{artist} paints the same tree for {+small} years
The {place} theater reopens with a play nobody has seen
Review: {work} is a quiet triumph
{work} wins the Ellery Prize
{+small} rooms, one story: the new museum of {place}
Why {artist} writes with the window open
The bookseller of {place} who lends everything
{work}: a film about waiting that flies by
Choirs of {place} meet for the long night
Letters of {artist} turn up in a piano stool
A festival for radio plays fills {place}
# artist
Ottoline Marsh
Casimir Thorne
Delphine Arkwright
Joss Hemlock
Maren Solberg
Tobias Wexcombe
Philippa Grove
Anselm Rook
# work
“The Tin Orchard”
“Eleven Windows”
“A Map of the Drizzle”
“Salt for the Journey”
“The Understudy's Winter”
“Small Hours, Tall Ships”
“What the Heron Saw”
# lead
The lights went down in {place} on {weekday}, and for a moment nobody coughed.
{artist} has never given an interview, and did not give one this time either.
The posters went up on {weekday} and were gone by the evening, taken home as keepsakes.
For {+small} years the piano in {place} stood closed; somebody has found the key.
It begins with a door that will not shut, and it never quite lets go.
Some works arrive with trumpets; {work} came by the side door.
The rooms smell of varnish and rain, which is how {artist} would have wanted it.
# fact
The run is sold out until the end of the season, with {+small} seats held back each night.
The manuscript was found behind a shelf, in a box marked “buttons”.
It lasts {+small} minutes longer than announced, and nobody minds.
The hall in {place} seats four hundred and was built for half as many.
{artist} finished it in {+small} weeks and then waited as many years.
A second edition is being printed in {place}.
Entry is free on {weekday} evenings.
# caption
The view that {artist} painted most often
Evening above the old theater of {place}
# tag
books
stage
music
painting
film
festivals
reviews
`

const englishSport = `
# headline
{club} hold on in the fog at {place}
Late goal sends {club} through
{runner} breaks the {place} hill record
{club} sign a keeper from the third division
Rowers of {place} win by a hand's width
Rain stops play; {club} still lead
{runner} retires at the top, with a wave
How {club} learned to defend
Wickets tumble before lunch as {club} collapse
The long road back for {runner}
Night race in {place} draws a record field
{club} and {foes} share the points and the mud
# club
Saltmarsh Rovers
Northfold Athletic
Bellhaven United
the Ashcombe Herons
Grenmouth Town
Stonebridge Wanderers
Quarry Hill
# foes
Port Ellery
Eastwater
the Tamber Otters
Kestrel Bay
# runner
Ida Brandreth
Marek Holloway
Sunniva Pike
Dele Fairweather
Lotte Greaves
Callum Roe
# lead
{club} needed a point on {weekday} and took it in the last minute of a wet evening.
The whistle came, the rain stopped, and {place} sang all the way to the station.
There are easier places to win than {place} in a side wind.
With {+small} minutes left the bench stood up, and it did not sit down again.
Nobody in {place} had run the hill faster, and few had looked less tired.
It was not pretty, it was not warm, and {club} will remember it for years.
For {+small} seasons it had been almost; on {weekday} it was enough.
# fact
The crowd of {+small} thousand was the largest since the stand was rebuilt.
{foes} had {+small} chances in the second half and took none of them.
The margin was less than a second.
It would have been {+small} matches without defeat, but for the whistle.
The pitch at {place} had been cleared by hand that morning.
{runner} trained on the sea wall through the winter.
Both captains praised the referee, which is rarer than a clean sheet.
# caption
The hill at {place} on the morning of the race
Low sun over the ground at {place}
# tag
football
athletics
rowing
cricket
cup
transfers
records
`
