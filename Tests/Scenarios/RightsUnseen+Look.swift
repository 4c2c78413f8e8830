import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import Web
@testable import weiwang

extension RightsUnseen {
    /// Somebody with a browser, and all that he can look at.
    struct Look {
        let visitor: RightsCast.Visitor
        private let town: Town
        private let browser: WebClient
        private let paths: [String]
        private let call = UUIDv7(at: .systemNow)

        init(_ town: Town, _ visitor: RightsCast.Visitor, _ cast: RightsCast) async throws {
            self.town = town
            self.visitor = visitor
            browser = try await town.browser(visitor.name)
            let own = try #require(cast.pieces.first(where: visitor.sees) ?? cast.pieces.first)
            var paths: [String] = []
            for route in WebApp.routes.all where route.reads && (visitor.opens.contains(route.need) || Self.isOpen(route)) {
                guard !["/live", ".pdf", "/**", "/health", "/favicon.ico"].contains(where: route.path.hasSuffix),
                    // A screen shows the land of whoever made it, to whoever stands before it.
                    !route.path.hasPrefix("/wall/")
                else { continue }
                paths.append(try RightsMatrix.address(route.path, own, town))
            }
            self.paths = try paths + Self.asked(town, visitor)
        }

        private static func isOpen(_ route: Route) -> Bool { [.anyone, .link, .client].contains(route.need) }

        /// Lists, counts, searches, suggestions, tables, exports, figures, tiles, with what they may be asked.
        private static func asked(_ town: Town, _ visitor: RightsCast.Visitor) throws -> [String] {
            let word = URLEncoded.encoded(RightsUnseen.word)
            var paths: [String] = []
            let places = [Town.micro, Town.otherSubdistrict]
            for place in places {
                paths += ["/report/nearby?lon=\(place.lon)&lat=\(place.lat)", "/api/locate?lon=\(place.lon)&lat=\(place.lat)"]
            }
            let grids = try ["1", "1.1", "1.1.1.1", "2", "2.1.1.1"].map { try town.grid($0).id }
            for grid in grids { paths += ["/g/\(grid)", "/map.svg?grid=\(grid)&marks=1"] }
            if visitor.name != nil {
                paths += ["/api/matters", "/api/matters?q=\(word)", "/api/matters?tab=late", "/api/matters?order=newest&page_size=1"]
                paths += ["csv", "geojson", "xlsx"].map { "/api/export/matters.\($0)" }
                paths += grids.map { "/api/matters?grid=\($0)" }
            }
            if visitor.opens.contains(.field) {
                for place in places { paths.append("/field/report/nearby?lon=\(place.lon)&lat=\(place.lat)&words=\(word)") }
            }
            if visitor.opens.contains(.desk) {
                let queries = ["tab=all", "tab=to_take", "tab=late", "q=\(word)", "q=13812345678", "q=%E4%BA%95%E7%9B%96", "state=open"]
                for query in queries + grids.map({ "grid=\($0)" }) { paths += ["/desk?\(query)", "/desk/queue?\(query)"] }
            }
            if visitor.opens.contains(.command) {
                for grid in grids {
                    for path in ["", "/list", "/map", "/map.svg", "/duty", "/table.csv", "/table.xlsx"] {
                        paths.append("/command\(path)?grid=\(grid)")
                    }
                    for piece in ["late", "figures", "battle-now", "battle-figures"] {
                        paths.append("/command/pieces/\(piece)?grid=\(grid)")
                    }
                }
                for zoom in [6, 10, 13, 15, 17, 18] {
                    for place in places {
                        let at = Self.tile(place, zoom)
                        for layer in ["matters", "duty"] { paths.append("/tiles/\(layer)/\(zoom)/\(at.x)/\(at.y).mvt") }
                        paths.append("/tiles/matters/\(zoom)/\(at.x)/\(at.y).mvt?at=2026-11-20T10:00")
                    }
                }
            }
            return paths
        }

        private static func tile(_ place: Coordinate, _ zoom: Int) -> (x: Int, y: Int) {
            let side = Double(1 << zoom)
            let latitude = place.lat * .pi / 180
            return (
                Int((place.lon + 180) / 360 * side), Int((1 - log(tan(latitude) + 1 / cos(latitude)) / .pi) / 2 * side)
            )
        }

        /// Every address with its answer, without what is new each time.
        func answers() async throws -> [String: [UInt8]] {
            var found: [String: [UInt8]] = [:]
            for path in paths {
                let answer = try await browser.get(path)
                guard answer.status < 500 else {
                    Issue.record("\(visitor.title) \(path): \(answer.status)")
                    continue
                }
                let isText = ["text/", "json", "svg"].contains { answer.header("content-type")?.contains($0) ?? true }
                found[path] = isText || path.contains(".xlsx") ? answer.settled() : answer.body
            }
            guard visitor.opens.contains(.desk), let name = visitor.name else { return found }
            // What a number and a place bring up while a call is taken.
            let typed = try await browser.post(
                "/desk/new/typed",
                [
                    ("id", call.description), ("phone", "13812345678"), ("words", "井盖"), ("lon", "\(Town.micro.lon)"),
                    ("lat", "\(Town.micro.lat)"), ("csrf", Town.csrf(name)),
                ])
            found["typed"] = typed.settled()
            return found
        }

        /// Whether he sees it, and whether it lies on land whose matters he counts.
        func relation(to matter: Matter) async throws -> (sees: Bool, counts: Bool) {
            guard let name = visitor.name else { return (false, false) }
            let (actor, now, engine) = (try await town.actor(name), town.clock.time.now, town.engines.matters)
            return try await town.engines.database.read { tx in
                guard let matter = try engine.matter(matter.id, in: tx) else { return (false, false) }
                let figures = try engine.posts.scope(of: actor, .figures, at: now, in: tx)
                return (try engine.sees(actor, matter, at: now, in: tx), figures.prefixes.contains { $0.covers(matter.path) })
            }
        }
    }

    /// A stream for each of them, opened before something happens.
    final class Ears {
        private let feed: Feed
        private var streams: [(number: Int, items: AsyncStream<Feed.Item>)?] = []

        init(_ town: Town, _ looks: [Look]) async throws {
            feed = town.house.feed
            for look in looks { streams.append(look.visitor.name.map { town.house.feed.open(Town.person($0)) }) }
        }

        /// What each heard.
        func end() async -> [String] {
            var told: [String] = []
            for stream in streams {
                var text = ""
                guard let stream else {
                    told.append(text)
                    continue
                }
                feed.close(stream.number)
                for await item in stream.items {
                    if case .event(let name, _, let data) = item { text += "event \(name) \(data)\n" }
                }
                told.append(text)
            }
            return told
        }
    }
}
