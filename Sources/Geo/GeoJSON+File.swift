import Foundation

extension GeoJSON {
    /// A whole file: a FeatureCollection, a Feature, a bare geometry, or one feature a line (GeoJSONSeq).
    package struct File: Sendable {
        package let features: [Feature]
        /// The name of an old-style `crs` member, nil if there is none.
        package let crs: String?
    }

    package static func file(_ data: Data) throws(Problem) -> File {
        if let root = object(data) { return try read(root) }
        var features: [Feature] = []
        for (number, line) in data.split(whereSeparator: { $0 == 10 || $0 == 0x1E }).enumerated() {
            if line.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { continue }
            guard let root = object(Data(line)) else { throw .malformed(number == 0 ? "JSON" : "JSON, line \(number + 1)") }
            features += try read(root).features
        }
        return File(features: features, crs: nil)
    }

    private static func object(_ data: Data) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    }

    private static func read(_ root: [String: Any]) throws(Problem) -> File {
        let crs = ((root["crs"] as? [String: Any])?["properties"] as? [String: Any])?["name"] as? String
        switch root["type"] as? String {
        case "FeatureCollection":
            guard let items = root["features"] as? [Any] else { throw .malformed("features") }
            var features: [Feature] = []
            features.reserveCapacity(items.count)
            for item in items {
                guard let item = item as? [String: Any] else { throw .malformed("feature") }
                features.append(try feature(item))
            }
            return File(features: features, crs: crs)
        case "Feature": return File(features: [try feature(root)], crs: crs)
        case .some(let type): return File(features: [Feature(shape: try shape(root), sort: type, properties: [:])], crs: crs)
        case nil: throw .malformed("type")
        }
    }

    private static func feature(_ item: [String: Any]) throws(Problem) -> Feature {
        var properties: [String: String] = [:]
        for (key, value) in item["properties"] as? [String: Any] ?? [:] {
            if let text = text(value) { properties[key] = text }
        }
        if properties["id"] == nil, let id = item["id"], let text = text(id) { properties["id"] = text }
        let sort = (item["geometry"] as? [String: Any])?["type"] as? String ?? "null"
        return Feature(shape: try shape(item["geometry"]), sort: sort, properties: properties)
    }

    /// A number is written as short as it can be (`1`, not `1.0`); text stays as it is, so `0113` keeps its zero.
    private static func text(_ value: Any) -> String? {
        switch value {
        case let text as String: return text
        case let number as NSNumber:
            let double = number.doubleValue
            if double == double.rounded(), abs(double) < 1e18 { return String(number.int64Value) }
            return double.description
        case is NSNull: return nil
        default:
            guard let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]) else { return nil }
            return String(decoding: data, as: UTF8.self)
        }
    }
}
