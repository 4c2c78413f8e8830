import Basics
import Catalog
import Foundation
import Matters
import Posts
import Store

/// A year of matters: how they were reported, who dealt with them, how they ended, and what is still open.
struct Life {
    static let matters = 20_000

    let land: Land
    let people: People
    let catalog: Catalog
    let limits: DemoLimits
    /// Digests of the stored pictures by name.
    let pictures: [String: [String]]
    let zone: TimeZone
    /// When the demo stands: nothing happens after it.
    let end: Instant
    var chance = Seeded("life")

    private(set) var matterRows = BulkRows(
        "matter", "id", "number", "kind", "category", "class", "urgency", "privacy", "state", "outcome", "confirmed", "spot", "passed",
        "supervised",
        "reopened", "merged_into", "lon", "lat", "cell", "place", "grid_id", "border_id", "record_id", "path_now", "path_then", "channel",
        "words",
        "reporters", "opened_at",
        "done_at", "closed_at", "due_at")
    private(set) var reportRows = BulkRows(
        "report", "id", "matter_id", "first_matter_id", "source", "words", "person_id", "language", "lon", "lat", "query_code",
        "photo_state",
        "rating", "confirmed", "confirmed_at", "at")
    private(set) var partRows = BulkRows(
        "part", "id", "matter_id", "post_id", "ask_id", "asked_by", "given", "lead", "needed", "state", "offered_at", "taken_at",
        "ended_at",
        "take_by", "words", "rating")
    private(set) var clockRows = BulkRows(
        "clock", "id", "matter_id", "part_id", "name", "limit_text", "time", "started_at", "due_at", "provisional", "stopped_at", "late")
    private(set) var timerRows = BulkRows("timer", "id", "due_at", "sort", "subject_id", "detail")
    private(set) var milestoneRows = BulkRows("milestone", "id", "matter_id", "name", "due_day", "reached_at", "position")
    private(set) var photoRows = BulkRows("photo", "id", "matter_id", "report_id", "part_id", "role", "digest", "state", "at")
    private(set) var remarkRows = BulkRows("remark", "entry_id", "matter_id", "words", "public")
    private(set) var entryRows = BulkRows(
        "entry", "id", "at", "actor_sort", "actor_name", "post_id", "subject", "subject_id", "verb", "path", "detail")
    private(set) var numberRows = BulkRows("number_block", "name", "next")
    private(set) var texts: [SearchDocument] = []
    private var happenings: [Happening] = []

    let troubleSums: [Double]
    private let scenes: Scenes
    private let spots: [(trouble: Int, scene: Scene)]

    init(_ land: Land, people: People, catalog: Catalog, limits: DemoLimits, pictures: [String: [String]], end: Instant) throws {
        self.land = land
        self.people = people
        self.catalog = catalog
        self.limits = limits
        self.pictures = pictures
        zone = catalog.platform.zone
        self.end = end
        scenes = Scenes(land, border: catalog.platform.border)
        let troubles = land.content.words.categories
        for trouble in troubles where catalog.category(trouble.id) == nil {
            throw DemoFailure.content("words.yaml: no category \(trouble.id) in the catalog")
        }
        var sum = 0.0
        troubleSums = troubles.map {
            sum += $0.weight
            return sum
        }
        // The same trouble at the same place, again and again.
        var spots: [(Int, Scene)] = []
        for _ in 0..<70 {
            let trouble = chance.draw(troubleSums)
            spots.append((trouble, scenes.any(troubles[trouble].at, &chance)))
        }
        self.spots = spots
        try live()
    }

    // MARK: The year

    private mutating func live() throws {
        var drafts = openings().map { Draft(opened: $0) }
        drafts += staged()
        drafts.sort { ($0.opened, $0.stage ?? .max) < ($1.opened, $1.stage ?? .max) }
        var running = 0
        var day = drafts.first?.opened.day(in: zone) ?? land.content.day
        // Matters as they come, and which of today's is the newest in each grid.
        var matters: [Matter] = []
        var recent: [UUIDv7: Int] = [:]
        for draft in drafts {
            let today = draft.opened.day(in: zone)
            if today != day {
                numberRows.add("matter \(day)", running + 1)
                day = today
                running = 0
                recent.removeAll()
            }
            running += 1
            var matter = begin(draft, number: Self.number(today, running))
            let grid = land.grids[matter.scene.grid].id
            // A second report of what was reported this morning is merged.
            if draft.stage == nil, let first = recent[grid], matters[first].trouble == matter.trouble, chance.chance(0.7) {
                merge(&matter, into: matters[first].id)
                matters[first].merged += 1
            } else {
                run(&matter, draft)
                if matter.channel != Channel.field { recent[grid] = matters.count }
            }
            matters.append(matter)
        }
        numberRows.add("matter \(day)", running + 1)
        for matter in matters { write(matter) }
        writeEntries()
    }

    private static func number(_ day: Day, _ running: Int) -> String {
        let (year, month, date) = day.civil
        return "\(year)-\(Land.digits(month, 2))\(Land.digits(date, 2))-\(Land.digits(running, 4))"
    }

    /// When matters were reported: more by day than by night, fewer at weekends, more as people learn of it.
    private mutating func openings() -> [Instant] {
        let hours: [Double] = [0.3, 0.2, 0.1, 0.1, 0.1, 0.4, 1.5, 4, 8, 10, 9, 7, 4, 4, 7, 8, 8, 7.5, 6.5, 5, 4, 3, 1.5, 0.8]
        var hourSums: [Double] = []
        for weight in hours { hourSums.append((hourSums.last ?? 0) + weight) }
        let now = end
        let days = (0..<365).map { land.content.day - 364 + $0 }
        var daySums: [Double] = []
        for (index, day) in days.enumerated() {
            let weight = (0.8 + 0.5 * Double(index) / 365) * (day.weekday > 5 ? 0.72 : 1) * chance.between(0.8, 1.2)
            daySums.append((daySums.last ?? 0) + weight)
        }
        return (0..<Self.matters).map { _ in
            let time = Int64(chance.draw(hourSums)) * 3_600_000 + Int64(chance.int(0..<3_600_000))
            return Instant(days[chance.draw(daySums)], Span(milliseconds: time), in: zone)
        }.filter { $0 < now }
    }

    // MARK: One matter

    private mutating func begin(_ draft: Draft, number: String) -> Matter {
        let troubles = land.content.words.categories
        var place = chance.draw(troubleSums)
        var scene: Scene
        if let stage = draft.stage {
            // What goes to a department goes to the one that somebody signs in for.
            place = draft.trouble ?? place
            scene = scenes.scene(in: homeGrid(stage), troubles[place].at, &chance)
        } else if chance.chance(0.13) {
            let spot = chance.pick(spots)
            place = spot.trouble
            scene = spot.scene
        } else {
            scene = scenes.any(troubles[place].at, &chance)
        }
        let trouble = troubles[place]
        let channel: String =
            draft.stage == nil && chance.chance(trouble.spot * 0.75) || draft.stage == .spot
            ? Channel.field
            : draft.stage == .confirmed || chance.chance(0.8) ? Channel.portal : chance.pick([Channel.desk, Channel.open311])
        var words = chance.pick(trouble.words).replacing("{place}", with: scene.words)
        if chance.chance(0.35) { words += chance.pick(land.content.words.tails) }
        if chance.chance(0.06) { words = "" }
        return Matter(
            id: chance.id(at: draft.opened), number: number, trouble: place, scene: scene, channel: channel, words: words,
            opened: draft.opened,
            report: chance.id(at: draft.opened))
    }

    /// The line of the journal that a matter begins with.
    mutating func opened(_ matter: Matter, post: UUIDv7? = nil) {
        let category = land.content.words.categories[matter.trouble].id
        note(
            matter, "matter.opened", at: matter.opened, post: post,
            detail: ["report": "\(matter.report)", "channel": matter.channel, "category": category])
    }

    /// The grid of whoever signs in at that stage: the leader's own, from the officer on and for what is over any of the community.
    private mutating func homeGrid(_ stage: Stage) -> Int {
        let home = land.content.city.people.first { $0.micro != nil }
        let own = land.grid(third: home?.third, micro: home?.micro)
        if stage >= .officerOffered, let community = land.grid(third: nil, micro: nil) {
            return chance.pick(land.grids.indices.filter { land.grids[$0].depth == 4 && community.path.covers(land.grids[$0].path) })
        }
        return land.grids.firstIndex { $0.id == own?.id } ?? land.grids.count - 1
    }

    mutating func note(
        _ matter: Matter, _ verb: String, at: Instant, post: UUIDv7? = nil, detail: [String: String] = [:], words: String? = nil
    ) {
        let entry = chance.id(at: at)
        happenings.append(
            Happening(
                id: entry, at: at, matter: matter.id, post: post, verb: verb, path: land.grids[matter.scene.grid].path, detail: detail))
        if let words, !words.isEmpty { remarkRows.add(entry, matter.id, words, true) }
    }

    // MARK: Rows

    private mutating func merge(_ matter: inout Matter, into first: UUIDv7) {
        opened(matter)
        let at = min(matter.opened + .minutes(Int64(chance.int(5..<50))), end - .seconds(1))
        matter.state = .merged
        matter.mergedInto = first
        matter.shares = []
        note(
            matter, "matter." + land.content.city.actions.merge, at: at, post: people.answering[matter.scene.grid],
            detail: ["does": "merge", "other": "\(first)"])
    }

    private mutating func write(_ matter: Matter) {
        let trouble = land.content.words.categories[matter.trouble]
        guard let category = catalog.category(trouble.id) else { return }
        let grid = land.grids[matter.scene.grid]
        let (lon, lat) = Plane.lonLat(matter.scene.spot)
        let cell = DemoCity.cell(lon, lat)
        let clocks = limits.clocks(matter, category: category, catalog: catalog)
        for clock in clocks { write(clock, matter) }
        let due = matter.state == .open ? clocks.filter { $0.stopped == nil }.map(\.due.instant).min() : nil
        let supervised = matter.supervised || (matter.state == .open && clocks.contains { $0.passed >= 2 })
        for (place, milestone) in matter.milestones.enumerated() { write(milestone, place, matter) }
        let reporters = writeReports(matter, lon, lat, trouble)
        matterRows.add(
            matter.id, matter.number, land.content.city.kind, trouble.id, category.class, category.urgency, limits.privacy,
            matter.state.rawValue,
            matter.outcome, matter.confirmed, matter.spot, matter.passed, supervised, matter.reopened, matter.mergedInto, lon, lat,
            cell,
            matter.scene.words, grid.id, matter.scene.border.map { land.grids[$0].id }, matter.scene.record, grid.path, grid.path,
            matter.channel, matter.words, reporters, matter.opened,
            matter.doneAt,
            matter.closedAt, due)
        for share in matter.shares {
            partRows.add(
                share.id, matter.id, share.post, share.ask, share.askedBy, share.given, share.lead, true, share.state, share.offered,
                share.taken,
                share.ended, limits.takeBy(share, category, catalog), share.words, share.rating)
        }
        texts.append(
            SearchDocument(
                matter.id,
                text: Matters.searchText(
                    number: matter.number, place: matter.scene.words, words: matter.words, category: trouble.id, catalog.strings)))
    }

    private mutating func write(_ clock: DemoLimits.Clock, _ matter: Matter) {
        let id = chance.id(at: clock.started)
        clockRows.add(
            id, matter.id, clock.part, clock.name, clock.limit.description, clock.limit.time.rawValue, clock.started, clock.due.instant,
            clock.due.provisional, clock.stopped, clock.isLate)
        let detail = Self.json(["matter": "\(matter.id)", "clock": clock.name])
        if let ring = clock.ring { timerRows.add(id.derived("late"), ring, "clock.late", id, detail) }
        if let remind = clock.remind { timerRows.add(id.derived("remind"), remind, "clock.remind", id, detail) }
        guard clock.isLate, clock.due.instant < end else { return }
        var said = ["clock": clock.name]
        said["part"] = clock.part?.description
        note(matter, "matter.late", at: clock.due.instant, detail: said)
    }

    private mutating func write(_ milestone: Milestone, _ place: Int, _ matter: Matter) {
        milestoneRows.add(milestone.id, matter.id, milestone.name, milestone.due, milestone.reached, place)
        let due = Instant(milestone.due + 1, in: zone)
        guard milestone.reached == nil, matter.state == .open else { return }
        if due > end {
            timerRows.add(
                milestone.id.derived("late"), due, "clock.milestone", milestone.id, Self.json(["matter": "\(matter.id)"]))
        } else {
            note(matter, "matter.milestone_late", at: due, detail: ["milestone": "\(milestone.id)"])
        }
    }

    /// The first report and those of others who saw the same. - Returns: how many there are.
    private mutating func writeReports(_ matter: Matter, _ lon: Double, _ lat: Double, _ trouble: DemoContent.Trouble) -> Int {
        let hasPhoto = chance.chance(matter.channel == Channel.open311 ? 0.3 : 0.9)
        let picture = hasPhoto ? trouble.photo.flatMap { pictures[$0] }.map { chance.pick($0) } : nil
        let all = [(id: matter.report, at: matter.opened)] + matter.others
        for (index, report) in all.enumerated() {
            let isFirst = index == 0
            let words = isFirst ? matter.words : chance.pick(trouble.words).replacing("{place}", with: matter.scene.words)
            let person = isFirst && matter.channel == Channel.field ? matter.shares.first.flatMap { people.holder[$0.post] } : nil
            reportRows.add(
                report.id, matter.mergedInto ?? matter.id, matter.id, isFirst ? matter.channel : Channel.portal, words, person,
                Language.chinese.rawValue, lon, lat, Land.digits(chance.int(0..<1_000_000), 6), isFirst && picture != nil ? "here" : "none",
                isFirst ? matter.rating : nil, isFirst ? matter.confirmed : nil, isFirst ? matter.confirmedAt : nil, report.at)
            if isFirst, let picture {
                photoRows.add(chance.id(at: report.at), matter.id, report.id, nil as UUIDv7?, "before", picture, "here", report.at)
            }
        }
        let finished = matter.shares.last { $0.ask == nil && $0.state == "done" }
        if matter.doneAt != nil, matter.outcome == "solved", let finished, let at = finished.ended, let name = trouble.after,
            chance.chance(0.8),
            let list = pictures[name]
        {
            photoRows.add(chance.id(at: at), matter.id, nil as UUIDv7?, finished.id, "after", chance.pick(list), "here", at)
        }
        for share in matter.shares where share.ask != nil && share.state == "done" {
            guard let at = share.ended, let list = trouble.after.flatMap({ pictures[$0] }), chance.chance(0.6) else { continue }
            photoRows.add(chance.id(at: at), matter.id, nil as UUIDv7?, share.id, "answer", chance.pick(list), "here", at)
        }
        return matter.state == .merged ? 0 : all.count + matter.merged
    }

    private mutating func writeEntries() {
        let order = happenings.indices.sorted { (happenings[$0].at, $0) < (happenings[$1].at, $1) }
        for index in order {
            let happening = happenings[index]
            entryRows.add(
                happening.id, happening.at, "system", "demo", happening.post, "matter", happening.matter, happening.verb, happening.path,
                Self.json(happening.detail))
        }
    }

    private static func json(_ detail: [String: String]) -> String {
        // Ids and catalog ids only: nothing to escape.
        "{" + detail.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
    }
}
