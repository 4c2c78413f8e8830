import Basics
import Catalog
import Grids
import Ledger

/// What carrying a draft out would move, in sentences and in a table of the grids at the bottom of the net.
struct NetRehearsal {
    let call: Call
    let work: NetDoor.Work
    let rehearsal: Rehearsal

    var tree: Tree {
        let lines = [
            call.say("admin.division.matters", ["count": "\(rehearsal.matters)"]),
            call.say(
                "admin.division.posts",
                ["moved": "\(rehearsal.postsMoved)", "ended": "\(rehearsal.postsEnded)", "made": "\(rehearsal.postsMade)"]),
        ]
        return .object([
            ("lines", .list(item: "line", lines.map { .text($0) })), ("warnings", .list(item: "warning", warnings.map { .text($0) })),
            (
                "rows",
                .list(
                    item: "row",
                    rehearsal.tallies.map { row in
                        .object([
                            ("name", .text(row.name)), ("matters", pair(row.before?.matters, row.after?.matters)),
                            ("houses", pair(row.before?.tally.buildings, row.after?.tally.buildings)),
                            ("households", pair(row.before?.tally.households, row.after?.tally.households)),
                        ])
                    })
            ),
            ("from", .text(call.times.full(work.from))), ("button", .text(call.say("net.do", ["day": call.times.day(work.from)]))),
            ("revision", .text(work.land.revision)),
        ])
    }

    /// `12 → 9`; what is not there is a dash.
    private func pair(_ before: Int?, _ after: Int?) -> Tree {
        before == after
            ? .text(before.map(String.init) ?? "–") : .text((before.map(String.init) ?? "–") + " → " + (after.map(String.init) ?? "–"))
    }

    private var warnings: [String] {
        var all: [String] = []
        for row in rehearsal.tallies {
            guard let after = row.after else { continue }
            if after.tally.buildings == 0 { all.append(call.say("net.warn.no_building", ["name": row.name])) }
            let range = call.house.catalog.levels.first { $0.id == row.level }?.households
            if let range, after.tally.households > 0, !range.contains(after.tally.households) {
                all.append(
                    call.say(
                        "net.warn.households",
                        [
                            "name": row.name, "count": "\(after.tally.households)", "low": "\(range.lowerBound)",
                            "high": "\(range.upperBound)",
                        ]))
            }
        }
        let leaderless = rehearsal.leaderless
        if !leaderless.isEmpty {
            all.append(call.say("net.warn.leaderless", ["names": leaderless.prefix(8).joined(separator: call.say("desk.and"))]))
        }
        return all
    }
}

extension LandDraft {
    /// The grids of a plan with none inside, before or after, whose people and houses are counted.
    func bottom(of plan: LandPlan) -> Set<GridID> {
        Set(plan.changes.map(\.id).filter { id in children(of: id).isEmpty && day.children(of: id).isEmpty }.prefix(60))
    }
}
