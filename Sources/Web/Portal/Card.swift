import Basics
import Catalog
import Geo
import Grids
import Hummingbird
import HummingbirdCore
import Ledger
import Posts
import Store

/// The sign of a grid (row B7): one page A4 to put up, the same on a phone. Its code leads to the grid's own address, which lives as long
/// as the grid and then leads to whoever has its land.
enum CardPage {
    /// As many pages as one print may have.
    static let most = 150

    static func show(_ call: Call) async throws -> Response { try await page(call, one(call)) }
    static func pdf(_ call: Call) async throws -> Response { try await paper(call, one(call)) }
    /// All grids of one level within another, a page each, in the net's order.
    static func showAll(_ call: Call) async throws -> Response { try await page(call, all(call)) }
    static func allPDF(_ call: Call) async throws -> Response { try await paper(call, all(call)) }

    private struct Sheets: Sendable {
        var view: View
        let title: String
        /// The name of the file.
        let file: String
    }

    /// - Returns: nil when the grid is no more; its address knows what became of it.
    private static func one(_ call: Call) async throws -> Sheets? {
        let id: GridID = try call.id("grid")
        return try await read(call) { cards in
            guard let grid = cards.land.today[id], !grid.grid.isRoot else { return nil }
            let view: View = ["cards": [try cards.card(grid)], "backHref": Paths.grid(id), "pdfHref": Paths.cardPDF(id)]
            return Sheets(view: view, title: grid.name, file: grid.name)
        }
    }

    private static func all(_ call: Call) async throws -> Sheets? {
        let id: GridID = try call.id("grid")
        let wanted = call.query("level")
        return try await read(call) { cards in
            let today = cards.land.today
            guard let top = today[id] else { return nil }
            let levels = today.counts(under: top.path)
            let level = levels.first { $0.level == wanted }?.level ?? levels.first?.level
            let grids = today.subtree(top.path).filter { $0.path != top.path && $0.level == level }
            var view: View = ["backHref": Paths.grid(id), "several": true]
            view["levels"] = levels.map { count -> View in
                let number = count.grids + count.dedicated
                return [
                    "href": Paths.cards(id) + "?level=\(count.level)", "current": count.level == level,
                    "name": call.say("card.level", ["level": call.say("level.\(count.level)"), "count": String(number)]),
                ]
            }
            if grids.count > most {
                view["tooMany"] = call.say("card.too_many", ["count": String(grids.count), "most": String(most)])
                view["inner"] = cards.land.inside(top.path).map { ["href": Paths.cards($0.id), "name": $0.name] as View }
            } else {
                view["cards"] = try grids.map(cards.card)
                if call.session != nil, let level, !grids.isEmpty { view["pdfHref"] = Paths.cardsPDF(id) + "?level=\(level)" }
            }
            let name = top.grid.isRoot ? call.house.catalog.platform.name[call.language] : top.name
            return Sheets(
                view: view, title: call.say("card.all", ["grid": name]), file: name + " " + (level.map { call.say("level.\($0)") } ?? ""))
        }
    }

    private static func read<T: Sendable>(_ call: Call, _ body: @escaping @Sendable (Cards) throws -> T) async throws -> T {
        try await call.house.database.read { tx in
            try body(Cards(call: call, land: try LandView(call.house, in: tx), book: try call.house.posts.book(in: tx), tx: tx))
        }
    }

    private static func page(_ call: Call, _ sheets: Sheets?) throws -> Response {
        guard let sheets else { return try moved(call) }
        return try call.page("portal/card", title: call.say("card.title", ["grid": sheets.title]), sheets.view)
    }

    /// The same as a file, for a print shop or a chat. Made by a process beside this one, so nobody asks for many in a row.
    private static func paper(_ call: Call, _ sheets: Sheets?) async throws -> Response {
        guard let sheets else { return try moved(call) }
        guard sheets.view["cards"] != nil else { return call.redirect(to: Paths.cards(try call.id("grid") as GridID)) }
        try call.spend(call.house.limits.paper)
        let html = try call.sheet("portal/card", title: call.say("card.title", ["grid": sheets.title]), sheets.view)
        return call.pdf(try await call.house.papers.make(html), name: call.say("card.title", ["grid": sheets.file]))
    }

    private static func moved(_ call: Call) throws -> Response { call.redirect(to: Paths.grid(try call.id("grid") as GridID)) }
}

/// Fills the signs; lives as long as one read.
struct Cards {
    let call: Call
    let land: LandView
    let book: PostBook
    let tx: Transaction

    func card(_ grid: GridRef) throws -> View {
        let (house, today) = (call.house, land.today)
        let url = house.settings.publicURL + Paths.grid(grid.id)
        let chain = today.chain(to: grid)
        let platform = house.catalog.platform
        var view: View = [
            "org": chain.dropLast().map(\.name).joined(separator: call.say("web.between")), "name": grid.name, "sub": try facts(grid),
            "qr": QRPicture.svg(url, label: call.say("card.qr", ["grid": grid.name])) ?? "", "url": url,
            "reportHref": Paths.report(in: grid.id), "people": try people(grid),
            "district": platform.name[call.language], "date": call.times.full(call.now.day(in: house.zone)),
            "review": platform.reviewNumber.isEmpty
                ? call.say("card.no_review") : call.say("web.map_review", ["number": platform.reviewNumber]),
        ]
        let phone = platform.supervisionPhone
        if !phone.isEmpty { view["supervised"] = ["phone": phone, "tel": Self.dialled(phone)] as View }
        let shape = today.shape(of: grid.id)
        if !shape.isEmpty {
            var picture = try MapSVG.picture(
                house, MapFrame(filling: shape.box, width: 480, height: 360), grid: grid.id, at: call.now, in: tx)
            picture.tinted = true
            picture.names = []
            view["map"] = picture.svg(title: call.say("card.map", ["grid": grid.name]))
        }
        return view
    }

    /// What lies in it, and how it is divided.
    private func facts(_ grid: GridRef) throws -> String {
        let areas = try call.house.ledger.areaNames(under: grid.path, on: call.now.day(in: call.house.zone), in: tx)
        var facts: [String] = []
        if !areas.names.isEmpty {
            let names = areas.names.joined(separator: call.say("card.and"))
            facts.append(areas.count > areas.names.count ? call.say("card.areas", ["names": names, "count": String(areas.count)]) : names)
        }
        for count in land.today.counts(under: grid.path).reversed().prefix(1) {
            facts.append(
                call.say("card.level", ["level": call.say("level.\(count.level)"), "count": String(count.grids + count.dedicated)]))
        }
        if let nature = grid.nature { facts.append(call.say("nature.\(nature)")) }
        return facts.joined(separator: call.say("web.between"))
    }

    /// Those who answer here, from the nearest upward; of the grids within only how many there are.
    private func people(_ grid: GridRef) throws -> [View] {
        var rows: [View] = []
        var path: Path? = grid.path
        while let here = path, here != .root {
            let posts = book.posts(atPath: here, at: call.now).filter { book.roles[$0.role]?.answersFor != nil }
            rows += try call.house.posts.publicPosts(of: posts, at: call.now, in: tx).map(row)
            if here == grid.path, let within = within(grid) { rows.append(within) }
            path = here.parent
        }
        return Array(rows.prefix(7))
    }

    private func row(_ post: PublicPost) -> View {
        var row: View = ["role": post.role.map { call.say($0.nameKey) } ?? post.post.name]
        row["names"] =
            post.vacant
            ? call.say("card.vacant") : post.names.isEmpty ? call.say("card.filled") : post.names.joined(separator: call.say("card.and"))
        if let phone = post.phones.first { row["phone"] = ["phone": phone, "tel": Self.dialled(phone)] as View }
        return row
    }

    private func within(_ grid: GridRef) -> View? {
        let inside = land.today.children(of: grid.id).flatMap { book.posts(atPath: $0.path, at: call.now) }
            .filter { book.roles[$0.role]?.answersFor != nil && book.isFilled($0, at: call.now) }
        guard let role = inside.first.flatMap({ book.roles[$0.role] }) else { return nil }
        let count = inside.filter { $0.role == role.id }.reduce(0) { $0 + book.holders(of: $1.id, at: call.now).count }
        return [
            "role": call.say(role.nameKey), "names": call.say("card.persons", ["count": String(count)]), "note": call.say("card.yours"),
        ]
    }

    /// What a telephone link may hold.
    static func dialled(_ phone: String) -> String { phone.filter { $0.isNumber || $0 == "+" } }
}
