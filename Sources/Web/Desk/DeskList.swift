import Basics
import Foundation
import Grids
import Matters
import Store

/// Which list a desk shows, as its address says it; every figure elsewhere opens to such an address.
///
/// Names: `tab`, `q`, `grid` (id) or `path`, `category`, `state`, `channel`, `spot`, `confirmed`, `opened_from`, `opened_to`, `closed_from`,
/// `closed_to` (days, both included), `then` (by the land of the day it happened), `newest`, `page` from 1.
struct DeskList: Sendable {
    static let rowsOnPage = 30
    private static let lists = ["category", "state"]
    private static let single = [
        "tab", "q", "grid", "path", "channel", "spot", "confirmed", "opened_from", "opened_to", "closed_from", "closed_to", "then",
        "newest",
    ]

    static let names = Set(lists + single + ["page"])

    /// What narrows the list beyond its tab, name by name, as it was given.
    private(set) var given: [(name: String, value: String)] = []
    private(set) var filter: MatterFilter
    let grid: GridID?
    /// From 0.
    let page: Int

    /// - Parameter query: a query string, of the address or carried along by a form. What cannot be read is left out.
    init(_ query: String, zone: TimeZone) {
        let form = Form(URLEncoded.pairs(query))
        for name in Self.single { if !form[name].isEmpty { given.append((name, String(form[name].prefix(200)))) } }
        for name in Self.lists {
            for value in form.all(name).prefix(40) where !value.isEmpty { given.append((name, String(value.prefix(100)))) }
        }
        let narrowed = given.contains { $0.name != "tab" && $0.name != "newest" }
        var filter = MatterFilter(tab: MatterFilter.Tab(rawValue: form["tab"]) ?? (narrowed ? .all : .toTake))
        func start(_ name: String) -> Instant? { Day(form[name]).map { Instant($0, in: zone) } }
        func end(_ name: String) -> Instant? { Day(form[name]).map { Instant($0 + 1, in: zone) } }
        filter.search = String(form["q"].prefix(100))
        filter.path = form["path"].isEmpty ? nil : Path(String(form["path"].prefix(60)))
        filter.categories = form.all("category").filter { !$0.isEmpty }
        filter.states = form.all("state").compactMap(Matter.State.init(rawValue:))
        filter.channel = form["channel"].isEmpty ? nil : form["channel"]
        filter.spot = ["yes": true, "true": true, "1": true, "no": false, "false": false, "0": false][form["spot"]]
        filter.confirmed = Matter.Answer(rawValue: form["confirmed"])
        filter.openedFrom = start("opened_from")
        filter.openedBefore = end("opened_to")
        filter.closedFrom = start("closed_from")
        filter.closedBefore = end("closed_to")
        filter.byPathThen = form["then"] == "1"
        filter.newestFirst = form["newest"] == "1" || filter.tab == .all
        grid = GridID(form["grid"])
        page = min(max((Int(form["page"]) ?? 1) - 1, 0), 10_000)
        self.filter = filter
    }

    /// A grid named by its id becomes its path today; an unknown one narrows to nothing.
    func on(_ land: LandView) -> DeskList {
        guard let grid else { return self }
        var list = self
        list.filter.path = land.grid(grid)?.path ?? Path("-")
        return list
    }

    var tab: MatterFilter.Tab { filter.tab }
    /// Narrowed by more than its tab.
    var extra: [(name: String, value: String)] { given.filter { $0.name != "tab" && $0.name != "q" && $0.name != "newest" } }

    /// The query that leads back here.
    var query: String { encoded(given, page: page) }
    func query(page: Int) -> String { encoded(given, page: page) }
    func query(tab: MatterFilter.Tab) -> String { URLEncoded.encoded([("tab", tab.rawValue)]) }
    func query(without one: (name: String, value: String)) -> String { encoded(given.filter { $0 != one }, page: 0) }

    private func encoded(_ pairs: [(name: String, value: String)], page: Int) -> String {
        URLEncoded.encoded(pairs.map { ($0.name, $0.value) } + (page > 0 ? [("page", String(page + 1))] : []))
    }

    /// An address of the desk with this list beside it.
    func beside(_ path: String, _ more: [(String, String)] = []) -> String {
        let all = [query, URLEncoded.encoded(more)].filter { !$0.isEmpty }.joined(separator: "&")
        return all.isEmpty ? path : path + "?" + all
    }
}
