// Writes the sample data: the two folders and the JSONPaths file that a music-streaming app would leave behind.
//
//   node project/generate.mjs [--out DIR]      default: the folder data beside this file
//
// The same program gives the same bytes everywhere (a seeded generator, whole-number arithmetic, no clock), so
// the files are checked in and a test makes them again. People, artists, songs and places are all invented.
//
// The data is small but not clean: it has on purpose what real files of this shape have. Each such place is
// marked QUIRK, and the models that read the data say how they stand it.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SEED = 20240229;
const FIRST_DAY = Date.UTC(2024, 1, 26); // ends of month and February 29th lie inside the two weeks
const DAYS = 14;
const MILLISECONDS = 317; // QUIRK every moment ends in the same milliseconds; dividing by 1000 would lose them
const SESSIONS = 46;

// ---- chance -----------------------------------------------------------------------------------------------

/** mulberry32: 32-bit whole numbers only, so the same on every machine. */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit) => next() % limit;
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    percent: (share) => below(100) < share,
    pick: (list) => list[below(list.length)],
    letters: (count, alphabet) =>
      Array.from({ length: count }, () => alphabet[below(alphabet.length)]).join(''),
  };
}

// ---- JSON as such apps write it ------------------------------------------------------------------------------

/** A number that is a float in the files, so 182 is written 182.0. */
const float = (value) => ({ float: value });

function json(value, ascii) {
  if (value !== null && typeof value === 'object') {
    return Number.isInteger(value.float) ? `${value.float}.0` : String(value.float);
  }
  const text = JSON.stringify(value);
  if (typeof value !== 'string') return text;
  if (!ascii) return text;
  const escaped = text.replaceAll('/', '\\/');
  return escaped.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function object(pairs, ascii) {
  return `{${Object.entries(pairs)
    .map(([key, value]) => `"${key}":${json(value, ascii)}`)
    .join(',')}}`;
}

/** UTF-8 read as Latin-1 and encoded again: `Åsa` becomes `Ã\u0085sa`. */
const encodedTwice = (text) => Buffer.from(text, 'utf8').toString('latin1');

// ---- the catalogue ------------------------------------------------------------------------------------------

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CODE = `${UPPER}0123456789`;

const ARTISTS = [
  { name: 'Quillon Sprat', location: 'Port Lindow', latitude: 44.10312, longitude: -68.90457 },
  { name: 'The Marrow Kites', location: 'Harrow Bay, Eastmark', latitude: 51.16418, longitude: 0.45415 },
  { name: 'Nine Damp Llamas', location: '' },
  { name: 'Ombra Fennel', location: 'Sant Orell', latitude: 41.5, longitude: 2.0 },
  { name: 'Pellet & Fern', location: '' },
  { name: 'Old Moll and the Weathercocks', location: 'Dunmarrow' },
  { name: 'Ilse Vantongeren-Pike', location: 'Lower Quay, Westmark', latitude: -33.44289, longitude: 151.2 },
  { name: 'Cardboard Admiral', location: '' },
  { name: 'Hollis Trebuchet Quartet', location: 'Carrick Falls' },
  { name: 'Fennimore Gax', location: '' },
  { name: 'The Second Umbrella', location: 'Osterholm', latitude: 60.12, longitude: 19.90001 },
  { name: 'Sister Pantograph', location: 'Vellum City' },
  { name: 'Brindle Oktober', location: '' },
  { name: 'Low Tide Choir', location: 'Gannet Island', latitude: 57.8, longitude: -8.57 },
  { name: 'Marl', location: '' },
  // QUIRK text beyond ASCII, beyond Latin-1, and what a broken copy leaves behind
  { name: 'Åsa Örnfjäll', location: 'Älvsund', latitude: 62.39081, longitude: 17.30692 },
  { name: 'Živa Ħolmøy', location: 'Nový Lom' },
  { name: 'みずいろ電車', location: '霧浜' },
  { name: 'Renée Lacombe-Été', location: 'Saint-Ast\uFFFDrin' },
  // QUIRK a location that is HTML, quotes and all
  {
    name: 'Footnote Parade',
    location: `<a href="https://sparkify.example/places?id=7&amp;lang=en" onmousedown='track("place", 7)'>Nethercombe</a>`,
  },
  // QUIRK numbers where text is expected
  { name: 2096, location: 'Harrow Bay, Eastmark' },
  { name: 'Gatehouse', location: 1919 },
  { name: 'Nobody From Nowhere', location: null },
  // QUIRK a name of more than 150 bytes
  {
    name: `The ${'Very '.repeat(24)}Long Procession of the Guild of Lamplighters`,
    location: 'Carrick Falls',
  },
];

const FIRST = [
  'Copper',
  'Slow',
  'Paper',
  'Borrowed',
  'Northern',
  'Salt',
  'Velvet',
  'Minor',
  'Unsent',
  'Quiet',
];
const SECOND = [
  'Weather',
  'Harbour',
  'Ladder',
  'Letters',
  'Engine',
  'Orchard',
  'Signal',
  'Tide',
  'Almanac',
  'Stairs',
];

function catalogue(random) {
  const artists = ARTISTS.map((artist) => ({ ...artist, id: `AR${random.letters(16, CODE)}` }));
  const named = (name) => artists.find((artist) => artist.name === name);
  const songs = [];
  const titles = new Set();
  const add = (artist, given = {}) => {
    let title = given.title;
    while (title === undefined) {
      const drawn = `${random.pick(FIRST)} ${random.pick(SECOND)}`;
      if (!titles.has(drawn)) title = drawn;
    }
    titles.add(title);
    songs.push({
      id: `SO${random.letters(16, CODE)}`,
      track: `TRA${random.letters(2, 'ABC')}${random.letters(13, CODE)}`,
      artist,
      title,
      duration: float(given.duration ?? random.between(9_000_000, 42_000_000) / 100_000),
      year: random.percent(32) ? 0 : random.between(1961, 2023), // QUIRK 0 means unknown
      ascii: random.percent(30),
    });
  };
  for (const artist of artists) {
    add(artist);
    for (let more = random.below(4); more > 0; more--) add(artist);
  }
  // QUIRK one artist, spelt in three ways and in three places: `select distinct` would give three rows
  const tansy = { name: 'Tansy Undervolt', location: 'Vellum City', id: `AR${random.letters(16, CODE)}` };
  add(tansy);
  add({ ...tansy, name: 'Tansy Undervolt feat. Old Moll', location: '' });
  add({
    ...tansy,
    name: 'Tansy Undervolt & The Fuses',
    location: 'Dunmarrow',
    latitude: 52.7,
    longitude: -1.05,
  });
  // QUIRK the same artist and title twice, told apart by their length only
  add(named('The Marrow Kites'), { title: 'Unsent Postcards', duration: 214.36036 });
  add(named('The Marrow Kites'), { title: 'Unsent Postcards', duration: 331.96363 });
  add(named('Ombra Fennel'), { title: ' Half a Lantern ', duration: 182 }); // QUIRK spaces at both ends
  add(named('Marl'), { title: 4711.5 }); // QUIRK a title that is a number with a fraction
  add(named('Marl'), { title: 88 });
  add(named('Sister Pantograph'), { title: 'The Clerk\u0019s\tHoliday' }); // QUIRK control characters
  add(named(2096), { title: 'Copper Weather Vane', duration: 246.25587 });
  add(named('Åsa Örnfjäll'), { title: 'Vårflod', duration: 301.40036 });
  return songs;
}

function songFile(song) {
  const { artist } = song;
  return object(
    {
      artist_id: artist.id,
      artist_latitude: artist.latitude === undefined ? null : float(artist.latitude),
      artist_location: artist.location,
      artist_longitude: artist.longitude === undefined ? null : float(artist.longitude),
      artist_name: artist.name,
      duration: song.duration,
      num_songs: 1,
      song_id: song.id,
      title: song.title,
      year: song.year,
    },
    song.ascii,
  );
}

const songPath = (song) => `${song.track[2]}/${song.track[3]}/${song.track[4]}/${song.track}.json`;

// ---- the listeners ------------------------------------------------------------------------------------------

const BROWSERS = [
  'Wayfarer/12.4 (Lumen OS 9_2) Loom/537.36 (like Weaver) Spindle/36.0.1985',
  'Wayfarer/12.4 (Desk NT 6.1; WOW64) Loom/537.36 Spindle/37.0.2062',
  'Heron/7.77.4 (Pocket; Lumen OS 8_1) Loom/533.17',
  'Thimble/31.0 (X11; Tux x86_64; rv:31.0)',
];
const PLACES = [
  'Port Lindow-Carrick Falls, EM',
  'Harrow Bay, EM',
  'Vellum City-Dunmarrow-Nethercombe, WM-NM',
  'Gannet Island, NM',
  'Osterholm, WM',
  'Sant Orell-Lower Quay, SM',
];
const PEOPLE = [
  'Edda Quill F free',
  'Corin Ashby M free',
  'Mirela Stanhope F paid',
  'Tobin Wray M free',
  'Ines Harrowgate F paid',
  'Anselm Pott M free',
  'Wilma Okonjo-Reed F free',
  'Edda Quill F paid', // QUIRK two people of one name
  'Jory Trelawn M free',
  'Petra Lindqvist F paid',
  'Basil Umber M free',
  'Noor Castellan F free',
  'Hamish Dray M paid',
  'Olwen Firth F free',
  'Rafe Sunderley M free',
  'Zita Marchbanks F free',
];
/** QUIRK plans change, in both directions, for one person twice: index of the person, after which visit. */
const CHANGES = { 1: [1], 4: [1], 7: [1, 2], 11: [1] };
const SILENT = 14; // QUIRK this person looks around and never plays a song

function people(random) {
  return PEOPLE.map((line, index) => {
    const [firstName, lastName, gender, level] = line.split(' ');
    const browser = random.pick(BROWSERS);
    return {
      id: String(index + 2),
      firstName,
      lastName,
      gender,
      level,
      location: random.pick(PLACES),
      // QUIRK most browsers' names stand in quotes that are part of the value
      userAgent: random.percent(75) ? `"${browser}"` : browser,
      registration: float(
        Date.UTC(2023, random.below(12), random.between(1, 28)) + random.below(86_400) * 1000 + 796,
      ),
      visits: 0,
      silent: index === SILENT,
      changesAfter: CHANGES[index] ?? [],
    };
  });
}

/** What one request looks like in the log; keys in the app's order and mixed case (QUIRK). */
function event(session, person, page, { song = null, status = 200, method = 'GET' } = {}) {
  return {
    artist: song ? song.artist : null,
    auth: person ? 'Logged In' : 'Logged Out',
    firstName: person ? person.firstName : null,
    gender: person ? person.gender : null,
    itemInSession: session.items++,
    lastName: person ? person.lastName : null,
    length: song ? song.length : null,
    level: person ? person.level : session.level,
    location: person ? person.location : null,
    method,
    page,
    registration: person ? person.registration : null,
    sessionId: session.id,
    song: song ? song.title : null,
    status,
    ts: session.now,
    userAgent: person ? person.userAgent : null,
    userId: person ? person.id : '', // QUIRK an empty text where a number is expected
  };
}

/** A song to play: mostly one that the catalogue does not have. */
function chosen(random, songs) {
  const known = random.pick(songs);
  const played = (song) => ({
    artist: String(song.artist.name),
    title: String(song.title),
    length: song.duration,
  });
  const draw = random.below(100);
  if (draw < 22) return played(known);
  if (draw < 26) return { ...played(known), length: float(known.duration.float + 1) }; // another recording
  const other = {
    artist: `${random.pick(SECOND)} ${random.pick(['Union', 'Brothers', 'Society', 'Ensemble', 'Club'])}`,
    title:
      `${random.pick(FIRST)} ${random.pick(SECOND)} ${random.pick(['', '(Live)', 'II', 'Reprise'])}`.trim(),
    length: float(random.between(9_000_000, 42_000_000) / 100_000),
  };
  // QUIRK names that were encoded once too often: they can match no song
  return draw < 32
    ? { ...other, artist: encodedTwice(random.pick(['Åsa Örnfjäll', 'Renée Lacombe-Été', 'Jürg Bär'])) }
    : other;
}

const PAGES = ['Home', 'About', 'Help', 'Settings', 'Upgrade', 'Downgrade'];

function visit(random, songs, person, session) {
  const events = [];
  const pause = (low, high) => {
    session.now += random.between(low, high) * 1000;
  };
  session.level = person.level;
  if (random.percent(30)) {
    // QUIRK one session, two states: it begins logged out and goes on with a name
    events.push(event(session, null, 'Home'));
    pause(3, 40);
    events.push(event(session, null, 'Login', { status: 307, method: 'PUT' }));
    pause(1, 5);
  }
  events.push(event(session, person, 'Home'));
  const plays = person.silent ? 0 : random.between(2, 11);
  for (let played = 0; played < plays; played++) {
    pause(2, 30);
    const song = chosen(random, songs);
    events.push(event(session, person, 'NextSong', { song, method: 'PUT' }));
    pause(Math.floor(song.length.float), Math.floor(song.length.float) + 1);
    if (random.percent(9)) events.push(event(session, person, random.pick(PAGES)));
  }
  if (random.percent(4)) events.push(event(session, person, 'Error', { status: 404 }));
  person.visits++;
  if (person.changesAfter.includes(person.visits)) {
    const up = person.level === 'free';
    pause(5, 50);
    events.push(
      event(session, person, up ? 'Submit Upgrade' : 'Submit Downgrade', { status: 307, method: 'PUT' }),
    );
    person.level = up ? 'paid' : 'free';
    pause(1, 5);
    events.push(event(session, person, 'Home'));
  }
  if (random.percent(25)) {
    pause(5, 60);
    events.push(event(session, person, 'Logout', { status: 307, method: 'PUT' }));
    pause(1, 10);
    session.level = person.level;
    events.push(event(session, null, 'Home'));
  }
  return events;
}

function log(random, songs) {
  const everybody = people(random);
  const events = [];
  const begin = (index, id, second) => {
    const now = FIRST_DAY + second * 1000 + MILLISECONDS;
    return visit(random, songs, everybody[index], { id, items: 0, level: 'free', now });
  };
  // everybody once, those who change plan often enough, then anybody; in order of time, as the app would
  const guests = [...everybody.keys(), ...Object.keys(CHANGES).flatMap((index) => [+index, +index, +index])];
  while (guests.length < SESSIONS) guests.push(random.below(everybody.length));
  const starts = guests.map(() => random.below(DAYS * 86_400 - 7_200)).sort((one, other) => one - other);
  starts[5] = 86_400 * 2 - 400; // QUIRK a visit over midnight lies in two files
  starts.sort((one, other) => one - other);
  guests.forEach((index, place) => {
    events.push(...begin(index, 101 + place * 3, starts[place]));
  });
  // songs that show a rule, each played once on the last day; the first two in the same millisecond (QUIRK)
  const shown = ['Copper Weather Vane', ' Half a Lantern ', 'Unsent Postcards', 4711.5, 'Vårflod'];
  shown.forEach((title, place) => {
    const song = songs.find((candidate) => candidate.title === title);
    const now = FIRST_DAY + (DAYS * 86_400 - 3_600 + Math.max(0, place - 1) * 300) * 1000 + MILLISECONDS;
    const session = { id: 901 + place, items: 0, level: 'free', now };
    const asPlayed = { artist: String(song.artist.name), title: String(song.title), length: song.duration };
    events.push(event(session, everybody[place], 'NextSong', { song: asPlayed, method: 'PUT' }));
  });
  const order = (one, other) =>
    one.ts - other.ts || one.sessionId - other.sessionId || one.itemInSession - other.itemInSession;
  return events.sort(order);
}

// ---- files --------------------------------------------------------------------------------------------------

const KEYS = [
  'artist auth firstName gender itemInSession lastName length level location',
  'method page registration sessionId song status ts userAgent userId',
].flatMap((line) => line.split(' '));

/**
 * The sample as files: path within the data folder -> text. Reads nothing, writes nothing.
 * @returns {Map<string, string>}
 */
export function sampleFiles() {
  const random = dice(SEED);
  const files = new Map();
  const songs = catalogue(random);
  for (const song of songs) files.set(`song_data/${songPath(song)}`, songFile(song));
  // QUIRK a folder whose name begins with the other's: a loader that takes a prefix would load both
  for (const song of songs.slice(-12)) files.set(`song_data_small/${songPath(song)}`, songFile(song));

  const days = new Map();
  for (const one of log(random, songs)) {
    const day = new Date(one.ts).toISOString().slice(0, 10);
    if (!days.has(day)) days.set(day, []);
    days.get(day).push(object(one, true));
  }
  for (const [day, lines] of days) {
    const [year, month] = day.split('-');
    files.set(`log_data/${year}/${month}/${day}-events.json`, lines.join('\n'));
  }
  // QUIRK what tools leave behind: hidden files and markers that are no data and would not even parse
  files.set('log_data/_SUCCESS', '');
  files.set('log_data/2024/03/.2024-03-01-events.json.part', '{"artist":null,"auth":"Logged');
  files.set('song_data/A/A/.ipynb_checkpoints/TRAAA-checkpoint.json', '{"artist_id":');

  const paths = KEYS.map((key) => `        "$['${key}']"`).join(',\n');
  files.set('log_json_path.json', `{\n    "jsonpaths": [\n${paths}\n    ]\n}\n`);
  return files;
}

/** Writes the sample into `out`, in place of what is there. */
export function generate(out) {
  rmSync(out, { recursive: true, force: true });
  for (const [path, text] of sampleFiles()) {
    const file = join(out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--out');
  const out = at > 0 ? process.argv[at + 1] : join(dirname(fileURLToPath(import.meta.url)), 'data');
  if (!out) throw new Error('--out needs a folder');
  generate(out);
  const files = sampleFiles();
  const events = [...files]
    .filter(([path]) => path.endsWith('-events.json'))
    .flatMap(([, text]) => text.split('\n'));
  const songs = [...files.keys()].filter((path) => /^song_data\/.*\/TR\w+\.json$/.test(path));
  console.log(`${events.length} events and ${songs.length} songs in ${files.size} files written to ${out}`);
}
