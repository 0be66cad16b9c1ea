/** Every limit, in one place, with its reason. How they relate says `assertLimits`. */

export const LIMITS = {
  // ---- Machines and data: the manuals' figures, and ours where they have none

  /** M02: server machine included (the manuals' figure). */
  machinesMax: 10,
  /** M05 (the manuals' figure); a configuration may say less. */
  usersMax: 1_000,
  /** Groups and domains are not limited by the manuals; a bound keeps the owner table small. */
  groupsMax: 1_000,
  /** The manuals' capacities: lists 1-10 and the administrators' list together, one-touch. */
  commonAddressesMax: 1_600,
  oneTouchMax: 200,
  timelineMax: 10,
  /** Members of a group: each is named by a uuid of 36 characters, and all of them fit an entry with room for the rest. */
  groupMembersMax: 256,
  /** The manuals' figure: User Group Address Lists 01 to 50. */
  groupListsMax: 50,

  // ---- Names, keys and values

  /** An entry as it is encoded: ten times the largest address seen in practice. */
  entryBytesMax: 16_384,
  /** Texts are counted as JavaScript counts them, in UTF-16 units: a character beyond U+FFFF is two. */
  keyCharactersMax: 64,
  /** The name of an item: ours are short, a newer version may have longer ones. */
  itemCharactersMax: 64,
  /** What stands on a button. */
  buttonNameCharactersMax: 100,
  /** An owner as canonical text in UTF-8. */
  ownerBytesMax: 256,
  /** Who made an edit: an owner, or a word of ours. */
  byCharactersMax: 300,
  /** The name of a holding: an owner, a slash and a list. */
  holdingCharactersMax: 300,
  /** What a machine says of itself: its name, its model, its place. */
  deviceTextCharactersMax: 256,
  /** A key of the storage, which the provider takes at this length (hal/storage.ts). */
  storageKeyCharactersMax: 1_024,
  /** Names that are longer are ordered by a collator, which takes digits of a number by the hundred. */
  orderedCharactersMax: 100,

  // ---- Messages

  /** MQTT: one packet, the CONNECT before anybody is known, and a message as CBOR before it is parsed. */
  packetBytesMax: 272 * 1024,
  connectBytesMax: 4 * 1024,
  messageBytesMax: 256 * 1024,
  cborDepthMax: 8,
  cborItemsMax: 4_096,
  /** An edit as it travels: its value (entryBytesMax), its names at their longest, and room for what later versions add. */
  editBytesMax: 20_480,
  /** Edits in one push: a message stays small enough for a slow link; machines of older versions send so many. */
  pushEditsMax: 500,
  pushBytesMax: 128 * 1024,
  /** Records in one block: more than the journal keeps changes, few enough that empty ones are no bomb. */
  recordsMax: 32_768,
  /** One piece of a changes block or an offer on the wire, and what it may grow to when inflated. */
  pieceBytesMax: 128 * 1024,
  blockInflatedBytesMax: 6 * 1024 * 1024,
  piecesMax: 64,
  /** Counts and texts in messages; each far above what ten machines come to. */
  loggedInMax: 32,
  pendingRangesMax: 64,
  /** A word by which a machine is refused: ours are short, a newer version may have longer ones. */
  refusalCharactersMax: 64,
  /** The room in an envelope for a seal of later versions. */
  sealBytesMax: 1_024,
  /**
   * Offers of one machine that arrive in pieces: at most eight are on the way; what is beyond that is left from a connection
   * that broke.
   */
  offersAtOnceMax: 16,

  // ---- Changes and the journal

  /** All of one owner, or one common list, as it travels at a join: 1,800 addresses of 2 kB. */
  holdingBytesMax: 4 * 1024 * 1024,
  /** A change in the journal: one holding adopted whole, and its header. */
  changeBytesMax: 5 * 1024 * 1024,
  /** What one change does besides its edits. */
  changeRemovalsMax: 256,
  changeLoginsMax: 512,
  changeScopesMax: 64,
  changePurgesMax: 16,
  /** A write of the server: edits of large pushes that go into one with all that is small, a tenth of a second of work. */
  commitEdits: 500,
  smallWorkEdits: 16,
  /** Changes kept for machines that come back; older ones get a snapshot. */
  journalChangesKept: 20_000,
  journalBytesKept: 32 * 1024 * 1024,
  /** Owners whose records a server machine has in memory: those of all machines who are at work, many times over, in half a megabyte. */
  ownersInMemoryMax: 256,
  /**
   * Deleted entries are remembered one by one for this long (P25): far beyond what a machine is switched off and its edits are
   * expected to count as made then. Afterwards their owner keeps one mark for all of them.
   */
  tombstoneMs: 90 * 24 * 3600 * 1000,
  /** Owners that are looked through for such entries with one beat, and how often all of them are. */
  purgeOwnersAtOnce: 4,
  purgeEveryMs: 24 * 3600 * 1000,

  // ---- A client's edits, and what it hears

  /** Edits not yet accepted that a client keeps; what comes on top stays in the machine's own store until there is room. */
  pendingMax: 20_000,
  /** What a machine puts into one push: a write of the server and of every other machine, which whatever is edited next waits for. */
  pushedAtOnce: 128,
  /** Edits of an import that are recorded in one write, which what the fleet edits has to wait for; and still many share its sync. */
  recordedAtOnce: 256,
  /** Edits of this machine that are heard one by one; a burst of more is read, as a large import is. */
  heardEditsMax: 256,
  /** Bases over which edits wait in the machine's own store: one while a copy is fetched anew, one a push while there is no room. */
  earlierBasesMax: 16,
  /**
   * That an own edit was accepted is written down with what happens next, or so much later: whoever makes fifty edits a second
   * makes the next one meanwhile.
   */
  ownWordRestMs: 20,
  /**
   * Blocks that wait on a machine and are taken in one write, as they came: some fifty edits; and 17 MB, should they inflate as
   * far as it goes.
   */
  takenTogetherBytesMax: 16 * 1024,
  /** Changes to all that wait while a machine is busy: thousands of edits. What is more is asked for afterwards, in blocks. */
  heardBytesMax: 1024 * 1024,
  /** Entries on the list of what a machine does not show: more is one and the same trouble, and the list is held in memory. */
  notAppliedMax: 5_000,

  // ---- Showing on the printer's own store

  /** Others' edits wait no longer for the printer's own store: nobody sees a tenth of a second on another machine. */
  showingRestMs: 100,
  /** The same where somebody may have it before them: a frame of a screen. */
  showingSeenRestMs: 20,
  /** Entries that wait so: a batch of the store. */
  showingWaitingMax: 1_000,
  /** Whoever logs in waits for them this long at most: a write of so many, on a machine that is busy. */
  showingAtLoginMs: 500,

  // ---- Snapshots and copies

  /**
   * A snapshot part before it is packed: large enough to compress well, small enough that one record of it is read in half a
   * millisecond.
   */
  snapshotPartBytesTarget: 256 * 1024,
  /** Snapshot parts on their way to one machine: while it stores one, the next is there, and one more is being made. */
  partsAheadMax: 3,
  /** Of these, what a server has made and nobody has asked for yet; and what a client has looked at, waiting for a write. */
  partsMadeAheadMax: 2,
  partsWaitingMax: 2,
  /** Records that are packed, brought or written together elsewhere: they fit a message even where nothing of them compresses. */
  partBytesTarget: 128 * 1024,
  partBytesMax: 192 * 1024,
  partInflatedBytesMax: 1024 * 1024,
  partsCachedBytesMax: 8 * 1024 * 1024,
  /** A cached snapshot part may be this many revisions old: the rest comes as delta. */
  partAgeRevisionsMax: 1_000,
  /** ... and miss changes of this many bytes, a third of what a full fleet's parts have: beyond that new parts cost less than the delta. */
  partAgeBytesMax: 1024 * 1024,
  /** A machine that was paired comes when it has restarted. One that has not come after a day is not expected any more. */
  pairedLatelyMs: 24 * 3_600_000,
  /** The journal keeps changes for a transfer while its machine asks on: time to store a part on the slowest medium, many times over. */
  transferPauseMs: 60_000,
  /** Segments of a client's base that are kept inflated: the owners' ones, and those of whom somebody is looking at. */
  segmentCacheBytesMax: 1024 * 1024,
  /** Lists that are known to be held: users, groups and common lists of a full fleet fit; of a fuller one all is learnt anew. */
  heldListsMax: 2_048,

  // ---- Presence, answers and back-off

  /** Presence: eight beats make a lease, so that 30 % loss is no absence (simulated: five beats were too few). */
  beatMs: 2_500,
  leaseMs: 20_000,
  /** "Up to date" is said only while the server is heard: three beats (B05). */
  heardMs: 7_500,
  /** A push without an answer is sent again; a hello without a welcome makes the link start afresh. */
  answerMs: 5_000,
  /** A refused machine asks again: what refused it may have been put right. */
  refusedRetryMs: 15_000,
  /** Back-off after a loss, on a LAN, with jitter. */
  backoffFirstMs: 250,
  backoffMaxMs: 5_000,
  /** Before the machine sleeps the module may take this long to say so. */
  beforeSleepMs: 2_000,
  /** What the machine asks of others before it sleeps takes 5 s at most; when it is still awake after this, the sleep was called off. */
  sleepComesMs: 6_000,

  // ---- Time

  /** Journal time on the wire, in milliseconds since 1970: the year 4199. What is reckoned on from it stays a whole number. */
  journalTimeMax: 2 ** 46,
  /** Journal time is written at least this often (P4). */
  journalTimeMs: 10_000,
  /**
   * What a date may say of a power-off of the server machine: half a year. An office is closed for weeks, a time server that is wrong is
   * wrong by years, and histories are kept for sixty days at most.
   */
  journalTimeOffMs: 183 * 24 * 3600 * 1000,
  /** What all estimates of one machine may raise it by, at once. */
  journalTimeRaiseMs: 24 * 3600 * 1000,
  /** M06: how long an SNTP answer is good for a restart when the time server is silent. */
  sntpTrustMs: 7 * 24 * 3600 * 1000,
  /** ... and how long starting the server function waits for the first one. */
  firstTimeAnswerMs: 5_000,

  // ---- Epochs, servers and keys

  /** Epochs of a journal that are told: the oldest are forgotten. */
  lineageMax: 128,
  /** The highest number of an epoch that another machine is believed: a restore a day for millennia, and room to count on. */
  epochNumberMax: 1_000_000,
  /** A mandate further ahead of our journal time is not believed: no right clock (M06) is that wrong, and no act could outrank it. */
  mandateAheadMs: 20 * 365 * 24 * 3600 * 1000,
  /** What a machine passed over at a restore or a promotion, for each of its runs that are known: sixteen, and so for four of them. */
  passedOverMax: 64,
  /**
   * A server looks again at those that served before it, all nine others at the most: somebody may have made one the server
   * again (B06).
   */
  predecessorLookMs: 3600 * 1000,
  formerServersMax: 9,
  /** Fleets that a machine can leave before the first of them is forgotten: no date says when, it may be wrong. */
  pastFleetsMax: 8,
  /** Machines that were paired and never came: the oldest make room. */
  pinsWithoutPlaceMax: 32,
  /**
   * Two machines with one key: a run that had been replaced goes on this often within this time, in turn with the other.
   * Of a machine that only restarts at most the hello on its way arrives late, and one more after a lost link.
   */
  doubleKeyReturns: 3,
  doubleKeyMs: 60_000,

  // ---- History, log and what is told

  /** What lost is kept for so many days where nothing else is configured (B02), for as many at most, and at most this much of it. */
  historyDays: 30,
  historyDaysMax: 60,
  historyRecordsMax: 50_000,
  /** Records of a history that are shown at once, the newest: more than anybody reads, and few enough for a printer's memory. */
  historyShownMax: 500,
  /** ... and of one entry: more than its story needs. */
  historyOfEntryMax: 10,
  /** While somebody has not looked at what was lost, it is counted anew this often: it may go with its owner, or grow old. */
  lossesAgainMs: 60_000,
  /** Names of machines that are kept, for people: the ten of the fleet, and those that left while what they set is still there. */
  machineNamesMax: 32,
  /** A new name is told with the beats of a minute. */
  machineNamesToldMs: 60_000,
  /** Communication log: records kept. */
  logRecordsMax: 500,
  /**
   * Troubles that come in turns are said once each, until one of them was gone for so long: two machines with one key put each other
   * out every few seconds.
   */
  logTurnsMax: 8,
  logAgainMs: 10 * 60 * 1000,
  /**
   * Entries that come together and fare alike and are named one by one: a screen of them; of more, the first is named and the
   * others are counted.
   */
  logAlikeMax: 5,
  /** What a status only counts (revision, waiting edits, parts of a join) is told this often at most: nobody reads faster. */
  statusCountsMs: 200,

  // ---- Storage

  /** A storage that is brought to the next format: records, and bytes, that are turned and written at a time. */
  migrationRecords: 500,
  migrationBytes: 256 * 1024,

  // ---- Connections

  /** Messages a second and bytes under way, per identity. */
  messagesPerSecond: 50,
  messagesBurst: 500,
  bytesPerSecond: 4 * 1024 * 1024,
  bytesBurst: 8 * 1024 * 1024,
  /** Of what waits for a machine something leaves within this time, or it is cut and catches up later. A beat goes to all more often. */
  slowReaderMs: 3_000,
  /** Sockets before authentication. */
  socketsMax: 32,
  /** Of one address, before authentication: a fleet behind one proxy, and a browser. */
  socketsPerAddressMax: 16,
  /** TLS servers kept for the next handshakes: of ten machines that come at once some are amid one at the same time. */
  idleServersMax: 4,
  /** A connection, with its handshake. */
  connectMs: 5_000,
  /** A browser or a first contact that says nothing: time to compare a fingerprint on the panel. */
  webIdleMs: 5 * 60 * 1000,
  /** MQTT keep-alive: a black hole shows after one and a half, within the lease. */
  keepAliveMs: 10_000,
  /** What waits to leave for one machine, and for all; a machine over it is cut. */
  peerQueueBytesMax: 4 * 1024 * 1024,
  queueBytesMax: 16 * 1024 * 1024,
  /**
   * What one write hands to a connection, but for a packet that is larger: packets share a record of TLS, and none waits for
   * many others.
   */
  linkWriteBytes: 64 * 1024,
  /** A message of the WebSocket below MQTT, as we make it: well below what the other side takes (packetBytesMax). */
  webSocketMessageBytes: 64 * 1024,
  /** SUBSCRIBE: filters of two subscriptions and their room; ours are 100 bytes each. */
  subscribeBytesMax: 1_024,
  /** Header of a proxy's answer; what comes on top is no proxy. */
  proxyAnswerBytesMax: 8 * 1024,
  /** A link that is closed lets what was sent leave for this long. */
  closeMs: 1_000,

  // ---- First contact and search

  /** First contact: tries per address, then a pause (E3). */
  firstContactTries: 3,
  firstContactPauseMs: 10 * 60 * 1000,
  /** Addresses of which tries are remembered; the oldest is forgotten first. */
  triesAddressesMax: 1_024,
  /**
   * A request or an answer of a first contact: three texts as base64, and room. A server that asks for more rounds would only
   * keep a printer busy.
   */
  firstContactBytesMax: 8 * 1024,
  scramTextBytesMax: 512,
  scramIterationsMax: 1_000_000,
  /** [Search Depth (Router):]: the range that the manuals give for the same field elsewhere. */
  searchDepthMax: 8,
  /** A search: asked so often within this time, for datagrams get lost and a server machine has to wake. */
  searchMs: 3_000,
  searchQuestions: 3,
  /** Servers listed: more than a site has, few enough to read. */
  searchFoundMax: 16,
  /** What passes a network without being cut, and what a message of it may hold. */
  searchDatagramBytesMax: 1_472,
  searchRecordsMax: 64,
  /** Of one server machine: ten machines that search at once get theirs, a flood does not. */
  searchAnswersPerSecond: 20,
  searchJoinAgainMs: 60_000,
  /** A server that was found by a search is searched again after so long without a word of it: its address may have changed. */
  searchAgainMs: 60_000,

  // ---- Files

  /** An import file. */
  importBytesMax: 16 * 1024 * 1024,
  /** Rows of an import: it is one edit, so what it changes must fit the edits that may be pending. */
  importRowsMax: 20_000,
  /** Columns of an address book file: the printers have 50. */
  addressColumnsMax: 128,
  /** ... and lines above them, one of which may name a list: that is copied into every entry. */
  addressHeaderLinesMax: 100,
  addressHeaderLineCharactersMax: 500,
  /** A file that is sealed under a passphrase (a backup, user data): 1,000 users as they are, and what is held of it at a time. */
  sealedFileBytesMax: 64 * 1024 * 1024,
  sealedChunkBytesMax: 1024 * 1024,
  /** A passphrase, in characters: NIST SP 800-63B (5.1.1.2) takes no memorised secret of fewer; whoever has the file can try at leisure. */
  passphraseCharactersMin: 8,
  /** Entries in a file of users' data: 1,000 users with 50 each. */
  userDataEntriesMax: 50_000,
  /**
   * An import or a put-back is done in portions of so many entries, and more of one owner, some megabytes each: all of a file
   * at once is more than the heap.
   */
  actPortion: 1_000,
  actPortionMax: 4_000,
  /**
   * [Prepare for User Data Export]: the manuals' 15 minutes; owners a run, so that all of a full server, with the group lists,
   * is one; and its wait.
   */
  exportWindowMs: 15 * 60 * 1000,
  exportOwnersMax: 1_100,
  exportPrepareMs: 30_000,

  // ---- The panel

  /** The panel: text of a field (an address book cell in practice), a password, and keys kept while an answer is awaited. */
  panelTextCharactersMax: 256,
  panelSecretCharactersMax: 128,
  panelKeysKeptMax: 1_000,
  /** Digits of a place in a list that somebody numbers; and owners named in a question: more would fill the screen. */
  panelPlaceDigitsMax: 4,
  panelNamedMax: 5,
  /** The panel: a digit key pressed again this soon gives its next letter; an answer this late is shown as progress, or given up. */
  panelTapMs: 1_200,
  panelSlowMs: 400,
  panelAnswerMs: 10_000,
  /** The same for what another machine has a part in: a preview of 1,000 users, the whole way to the server. */
  panelLongAnswerMs: 60_000,
  /** The panel reads again what it could not read. */
  panelReadAgainMs: 5_000,
  /** The panel reads the common lists at most this often for changes of other machines. */
  panelGatherMs: 1_000,
  /** Auto reset: the manuals' default. It logs the user out. */
  autoResetMs: 120_000,
  /** At a start the panel waits for the connection so long: nobody sees it, and a handshake on a slow network fits. */
  firstWordMs: 150,
  /**
   * Then for what a machine missed: a night away is a tenth of this on a slow processor, and a person who comes meanwhile need
   * not wait for more.
   */
  firstMissedMs: 1_000,
  /** The same of a machine that has no copy yet: ten that join at once on slow processors have theirs after two seconds. */
  firstCopyMs: 2_000,
  /** Settings of a job: a stack of paper, boxes of two digits, and copies of destinations that fit an entry with room to spare. */
  jobCopiesMax: 999,
  jobBoxMax: 99,
  jobDestinationsMax: 20,
} as const;
