import Basics
import Catalog
import Geo
import Grids
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// The first page: report, follow, call.
enum HomePage {
    static func show(_ call: Call) async throws -> Response {
        let house = call.house
        let grids: [View] = try await house.database.read { tx in
            try LandView(house, in: tx).inside(.root).map { ["href": Paths.grid($0.id), "name": $0.name] as View }
        }
        var view: View = ["hasGrids": !grids.isEmpty, "grids": grids]
        let phone = house.catalog.platform.supervisionPhone
        if !phone.isEmpty { view["phone"] = ["phone": phone, "tel": Cards.dialled(phone)] as View }
        return try call.page("portal/home", title: call.say("portal.home.title"), view)
    }
}

/// A grid's own address, as its card's QR code leads to it: who answers here, report here. The id is for life.
enum GridPage {
    static func show(_ call: Call) async throws -> Response {
        let id: GridID = try call.id("grid")
        let (house, now) = (call.house, call.now)
        let title = call.say("report.where.map")
        let heirs = try await house.database.read { tx in try house.grids.living(id, in: tx) }
        if heirs.count == 1, let heir = heirs.first, heir != id { return call.redirect(to: Paths.grid(heir)) }
        let found: (View, String)? = try await house.database.read { tx in
            let land = try LandView(house, in: tx)
            guard let grid = land.grid(id) else {
                guard let old = house.grids.land.grids[id] else { return nil }
                let inner = (heirs.isEmpty ? land.inside(.root) : heirs.compactMap(land.grid)).map {
                    ["href": Paths.grid($0.id), "name": $0.name] as View
                }
                return (["name": old.name, "ended": true, "hasInner": !inner.isEmpty, "inner": inner], old.name)
            }
            var view: View = ["name": grid.name, "reportHref": Paths.report(in: id)]
            view["chain"] = land.above(grid).map { ["href": Paths.grid($0.id), "name": $0.name] as View }
            if let shape = land.shape(of: id), !shape.isEmpty {
                view["map"] = try MapSVG.picture(house, MapFrame(showing: shape.box), grid: id, at: now, in: tx).svg(title: title)
            }
            let book = try house.posts.book(in: tx)
            let here = book.posts(atPath: grid.path, at: now).filter { book.roles[$0.role]?.answersFor != nil }
            let answering =
                here.isEmpty ? book.answering(at: grid.path, on: now).flatMap { book.posts[$0.by ?? $0.post] }.map { [$0] } ?? [] : here
            view["posts"] = try house.posts.publicPosts(of: answering, at: now, in: tx).map { post -> View in
                var row: View = ["post": post.post.name]
                if post.vacant {
                    row["vacant"] = call.say(
                        book.answering(for: post.post.id, at: now) == nil ? "portal.grid.nobody" : "portal.grid.vacant")
                }
                if !post.names.isEmpty { row["holders"] = post.names.joined(separator: call.say("card.and")) }
                if let phone = post.phones.first { row["phone"] = ["phone": phone, "tel": Cards.dialled(phone)] as View }
                return row
            }
            let inner = land.inside(grid.path).map { ["href": Paths.grid($0.id), "name": $0.name] as View }
            view["hasInner"] = !inner.isEmpty
            view["inner"] = inner
            view["cardHref"] = Paths.card(id)
            if !inner.isEmpty { view["cardsHref"] = Paths.cards(id) }
            return (view, grid.name)
        }
        guard let (view, name) = found else { throw Call.missing }
        return try call.page("portal/grid", title: name, view)
    }
}
