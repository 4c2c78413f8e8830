import Basics
import Catalog
import Foundation
import Geo
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// A new set of boundaries for a level from a day (row A7): first what it would do, then, with a second press, done. The same engine as
/// `weiwang import grids`.
enum DivisionPage {
    static let limits = BodyLimits(file: 80 << 20, files: 1, total: 82 << 20)
    private static let fields = ["level", "parent", "code", "name", "from", "coordinates", "encoding", "replace"]

    static func show(_ call: Call) async throws -> Response { try await page(call) }

    /// The dry run: reads the file, or the one kept from the check before.
    static func check(_ call: Call) async throws -> Response {
        do {
            try await require(call)
            let file = try keep(call)
            do { return try await page(call, checked: try await plan(call, file)) } catch LandRefusal.looksLikeGCJ02(let before, let after)
            {
                // What stops it is best seen: on the map as it was given, beside what it would be.
                let shown = try await plan(call, file, rehearsed: false) { $0.accept.insert("coordinates") }
                let refusal = LandRefusal.looksLikeGCJ02(before: before, after: after)
                return try await page(call, preview: (file, shown.preview.bare), refused: refusal)
            }
        } catch let refusal as any Refusal {
            return try await page(call, refused: refusal)
        }
    }

    /// Carries out what was shown, if the land is still what it was then; else it is shown anew.
    static func carryOut(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        do {
            try await require(call)
            let (house, now) = (call.house, call.now)
            let checked = try await plan(call, try UploadedSet(call.form["file"], house))
            if checked.plan.changesNothing { return try await page(call, checked: checked) }
            guard checked.revision == call.form["revision"], !checked.plan.isRefused else {
                return try await page(call, checked: checked, refused: LandRefusal.changedMeanwhile)
            }
            let (plan, actor) = (checked.plan, session.actor.entryActor)
            try await house.database.write { tx in try house.grids.apply(plan, by: actor, at: now, in: tx) }
            _ = try await house.database.read { tx in try house.grids.reload(in: tx) }
            return call.redirect(to: Paths.adminDivision + "?did=divide")
        } catch let refusal as any Refusal {
            return try await page(call, refused: refusal)
        }
    }

    /// The engine of the land knows no persons, so the right is asked for here.
    private static func require(_ call: Call) async throws {
        let allowed = try await call.house.database.read { tx in
            try call.house.posts.may(call.session?.actor ?? .stranger, .import, on: .root, at: call.now, in: tx)
        }
        guard allowed else { throw Permission.refusal }
    }

    // MARK: Reading

    struct Checked: Sendable {
        let file: UploadedSet
        /// What was taken for granted, in the file and in its shapes: keys below `land.notice.`.
        let notices: [(key: String, values: [String: String])]
        let plan: LandPlan
        let revision: String
        let rehearsal: Rehearsal?
        let preview: DatumPreview
    }

    private static func keep(_ call: Call) throws -> UploadedSet {
        if call.form.hasTooLarge { throw FormReader.tooLarge }
        if let file = call.form.files("set").first { return try UploadedSet(keeping: file, call.house) }
        guard !call.form["file"].isEmpty else { throw PlainRefusal("admin.no_file") }
        return try UploadedSet(call.form["file"], call.house)
    }

    private static func wanted(_ form: Form) throws -> LandImport {
        var wanted = LandImport(level: form["level"])
        if !form["parent"].isEmpty { wanted.parent = .code(form["parent"]) }
        wanted.codeField = form["code"].isEmpty ? nil : form["code"]
        wanted.nameField = form["name"].isEmpty ? nil : form["name"]
        if !form["from"].isEmpty {
            guard let day = Day(form["from"]) else { throw PostsRefusal.datesContradict }
            wanted.from = day
        }
        wanted.replace = form["replace"] == "1"
        wanted.datum = ChineseDatum(rawValue: form["coordinates"]) ?? .wgs84
        wanted.accept = Set(form.all("accept").map(\.trimmingSpaces).filter { !$0.isEmpty })
        return wanted
    }

    private static func plan(
        _ call: Call, _ file: UploadedSet, rehearsed: Bool = true, _ change: (inout LandImport) -> Void = { _ in }
    ) async throws -> Checked {
        var asked = try wanted(call.form)
        change(&asked)
        let (house, now, wanted) = (call.house, call.now, asked)
        let land = try await house.database.read { tx in try house.grids.land(in: tx) }
        let today = now.day(in: house.zone)
        let encoding = TextEncoding(named: call.form["encoding"])
        let (boundaries, plan) = try await aside {
            let boundaries = try BoundaryFile(path: file.path, encoding: encoding)
            return (boundaries, try wanted.plan(boundaries.features, on: land, levels: house.grids.levels, today: today, at: now))
        }
        var rehearsal: Rehearsal?
        if rehearsed, !plan.isRefused, !plan.changesNothing {
            rehearsal = try await Rehearsal.of(
                plan, by: call.session?.actor.entryActor ?? .system("admin"), from: max(wanted.from ?? today, today), at: now, house)
        }
        return Checked(
            file: file, notices: boundaries.notices + plan.notices, plan: plan, revision: land.revision, rehearsal: rehearsal,
            preview: DatumPreview(boundaries.features, plan, as: wanted.datum))
    }

    // MARK: The page

    private static func page(
        _ call: Call, checked: Checked? = nil, preview: (file: UploadedSet, map: DatumPreview)? = nil, refused: (any Refusal)? = nil
    ) async throws -> Response {
        let typed = refused.map { AdminTyped(verb: "check", act: UUIDv7(at: call.now), form: call.form, refusal: $0) }
        return try await AdminRoom.page(call, "division", typed: typed) { room, view in
            try room.require(.root)
            let form = call.form
            view["levels"] = room.options(room.catalog.levels.map { ($0.id, room.say($0.nameKey)) }, selected: form["level"])
            let parents = room.upperLand().filter { !$0.grid.isRoot }.map {
                (value: $0.code, label: String(repeating: "\u{3000}", count: $0.rank - 1) + $0.name)
            }
            view["parents"] = room.options(
                [(value: "", label: room.say("admin.division.parent.found"))] + parents, selected: form["parent"])
            view["systems"] = room.options(
                ChineseDatum.allCases.map { ($0.rawValue, room.say("admin.datum.\($0.rawValue)")) }, selected: form["coordinates"])
            view["encodings"] = room.options(
                ["", TextEncoding.utf8.rawValue, TextEncoding.gbk.rawValue].map {
                    (value: $0, label: $0.isEmpty ? room.say("admin.division.encoding.found") : $0.uppercased())
                }, selected: form["encoding"])
            view["code"] = form["code"]
            view["name"] = form["name"]
            view["from"] = form["from"]
            if form["replace"] == "1" { view["replace"] = true }
            if case .looksLikeGCJ02? = refused as? LandRefusal { view["datum"] = true }
            if let checked { view["checked"] = result(checked, room) }
            if let shown = preview ?? checked.map({ ($0.file, $0.preview) }), !shown.map.points.isEmpty {
                var map = shown.map.view(room)
                map["file"] = shown.file.name
                map["revision"] = room.land.revision
                map["hidden"] = fields.map { ["name": $0, "value": form[$0]] as View }
                view["preview"] = map
            }
            return room.say("admin.division")
        }
    }

    /// As many as a page shows of each sort of findings.
    private static let mostFindings = 500

    private static func line(_ finding: LandFinding, _ room: AdminRoom) -> View {
        var line: View = [
            "id": finding.id, "words": finding.words(room.catalog.strings, room.call.language), "state": room.say(finding.stateKey),
        ]
        if finding.refuses { line["open"] = true }
        return line
    }

    private static func result(_ checked: Checked, _ room: AdminRoom) -> View {
        let (plan, form) = (checked.plan, room.call.form)
        var view: View = [
            "hidden": fields.map { ["name": $0, "value": form[$0]] as View }, "file": checked.file.name, "revision": checked.revision,
            "accepted": form.all("accept").filter { !$0.isEmpty }.map { ["value": $0] as View },
            "notices": checked.notices.map { ["words": room.say("land.notice.\($0.key)", $0.values)] as View },
            // What stops the import stands open; what was repaired or accepted is folded.
            "findings": plan.findings.filter(\.refuses).prefix(mostFindings).map { line($0, room) },
            "settled": plan.findings.filter { !$0.refuses }.prefix(mostFindings).map { line($0, room) },
            "settledCount": room.say("admin.division.settled", ["count": "\(plan.findings.count { !$0.refuses })"]),
            "summary": room.say(
                "admin.division.summary",
                [
                    "total": "\(plan.total)", "made": "\(plan.made)", "changed": "\(plan.changed)", "ended": "\(plan.ended)",
                    "unchanged": "\(plan.unchanged)",
                ]),
        ]
        if !plan.drawing.isEmpty { view["drawing"] = LandDrawing(plan).svg }
        if plan.isRefused {
            view["refusal"] = room.say("admin.division.open", ["count": "\(plan.findings.count(where: \.refuses))"])
            let sorts = LandFinding.Sort.allCases.filter { sort in plan.findings.contains { $0.sort == sort && $0.refuses } }
            view["sorts"] = room.options(sorts.map { ($0.rawValue, room.say("admin.finding.\($0.rawValue)")) })
        } else if plan.changesNothing {
            view["same"] = room.say("admin.division.same")
        }
        if let rehearsal = checked.rehearsal {
            func names(_ all: [Rehearsal.Named]) -> String {
                all.prefix(60).map { $0.code == $0.name ? $0.name : "\($0.code) \($0.name)" }.joined(separator: room.say("desk.and"))
                    + (all.count > 60 ? "…" : "")
            }
            let lists = [("made", rehearsal.made), ("changed", rehearsal.changed), ("ended", rehearsal.ended)]
            view["lists"] = lists.filter { !$0.1.isEmpty }.map {
                ["name": room.say("admin.division.\($0.0)", ["count": "\($0.1.count)"]), "grids": names($0.1)] as View
            }
            view["matters"] = room.say("admin.division.matters", ["count": "\(rehearsal.matters)"])
            view["posts"] = room.say(
                "admin.division.posts",
                ["moved": "\(rehearsal.postsMoved)", "ended": "\(rehearsal.postsEnded)", "made": "\(rehearsal.postsMade)"])
        }
        return view
    }
}
