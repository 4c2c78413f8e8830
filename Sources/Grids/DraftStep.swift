import Basics
import Foundation
import Geo

/// One thing done by hand to the net of a draft.
package enum DraftStep: Sendable, Equatable {
    /// A point of a border, with all borders that have it.
    case move(Coordinate, to: Coordinate)
    /// A side that is to run by way of a new point.
    case bend(Coordinate, Coordinate, at: Coordinate)
    case remove(Coordinate)
    /// A grid along a line, its points snapped to what lies within so many metres.
    case split(GridID, line: [Coordinate], within: Double)
    /// The second goes into the first.
    case merge(GridID, with: GridID)
    /// A new grid below another one.
    case draw(GridID, outline: [Coordinate], within: Double)
    /// A grid's name, and of a new one its code and what it is dedicated to.
    case name(GridID, name: String, code: String?, nature: String?)
}

extension DraftStep {
    /// Steps of one draft, and points of one line.
    package static let most = 500

    /// Steps as the page keeps them: `[{"do":"move","from":[113.6,34.7],"to":[113.61,34.7]}, …]`.
    /// - Throws: `DraftRefusal.unreadable`, `.tooMany`.
    package static func steps(_ text: String) throws -> [DraftStep] {
        if text.isEmpty { return [] }
        guard let items = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] else {
            throw DraftRefusal.unreadable
        }
        guard items.count <= most else { throw DraftRefusal.tooMany(most) }
        return try items.map { try DraftStep($0) }
    }

    private init(_ item: [String: Any]) throws {
        func place(_ key: String) throws -> Coordinate {
            guard let value = item[key], let point = try? GeoJSON.point(value), point.isOnEarth else { throw DraftRefusal.unreadable }
            return point
        }
        func line(_ key: String) throws -> [Coordinate] {
            guard let values = item[key] as? [Any] else { throw DraftRefusal.unreadable }
            guard values.count <= DraftStep.most else { throw DraftRefusal.tooMany(DraftStep.most) }
            let points = values.compactMap { try? GeoJSON.point($0) }.filter(\.isOnEarth)
            guard points.count == values.count else { throw DraftRefusal.unreadable }
            return points
        }
        func grid(_ key: String) throws -> GridID {
            guard let text = item[key] as? String, let id = GridID(text) else { throw DraftRefusal.unreadable }
            return id
        }
        // A finger is never further off than this; else half a town would be snapped.
        let within = max(0, min(50, (item["within"] as? NSNumber)?.doubleValue ?? 0))
        switch item["do"] as? String {
        case "move": self = .move(try place("from"), to: try place("to"))
        case "bend": self = .bend(try place("a"), try place("b"), at: try place("to"))
        case "remove": self = .remove(try place("at"))
        case "split": self = .split(try grid("grid"), line: try line("line"), within: within)
        case "merge": self = .merge(try grid("grid"), with: try grid("with"))
        case "draw": self = .draw(try grid("grid"), outline: try line("outline"), within: within)
        case "name":
            guard let name = item["name"] as? String else { throw DraftRefusal.unreadable }
            self = .name(try grid("grid"), name: name, code: item["code"] as? String, nature: item["nature"] as? String)
        default: throw DraftRefusal.unreadable
        }
    }
}
