import Basics
import Geo

/// A feature made ready: one code, one sound shape.
struct ImportedGrid {
    /// Of a new one, where it is known before.
    var id: GridID?
    let code: String
    var name: String
    var nature: String?
    /// Whether the file says it at all; if not, a grid keeps the one it has.
    var saysNature: Bool
    var attributes: [String: String]
    var parentCode: String?
    var shape: MultiPolygon
}

/// Features read as grids, in byte order of their codes, and what was wrong with them.
struct ImportedSet {
    private(set) var grids: [ImportedGrid] = []
    private(set) var findings: [LandFinding] = []
    /// Every code of the file, also of what could not be read as a grid: such a grid is not lacking.
    private(set) var codes: Set<String> = []

    init(_ features: [GeoJSON.Feature], _ fields: ImportFields, _ options: LandImport, natures: Set<String>, topology: Topology) throws {
        var known: [String: Int] = [:]
        for (number, feature) in features.enumerated() {
            let code = (feature.properties[fields.code] ?? "").trimmingSpaces
            codes.insert(code)
            let raw = feature.shape.map { shape in shape.map { options.datum.toWGS84($0).rounded } } ?? .empty
            // A file in metres that does not say so, as a rule; nothing that may be accepted.
            if feature.shape?.rings.allSatisfy({ $0.points.allSatisfy(\.isOnEarth) }) == false { throw LandRefusal.offTheEarth(number + 1) }
            guard raw.rings.contains(where: { $0.points.count > 1 }) else {
                findings.append(LandFinding(.shapeless, codes: code.isEmpty ? [] : [code], place: nil, detail: "\(number + 1)"))
                continue
            }
            guard !code.isEmpty else {
                findings.append(
                    LandFinding(.nameless, codes: [], place: raw.labelPoint, area: raw.area, outline: raw, detail: "\(number + 1)"))
                continue
            }
            var shape = raw
            if let fault = try topology.fault(of: raw) {
                shape = try topology.makeValid(raw).map(\.rounded)
                findings.append(
                    LandFinding(
                        .invalid, codes: [code], place: fault.place ?? shape.labelPoint, area: shape.area, outline: shape,
                        detail: fault.reason))
                // Nothing is left to stand on.
                if shape.isEmpty { continue }
            }
            if let first = known[code] {
                let same = try topology.same(grids[first].shape, shape)
                findings.append(
                    LandFinding(
                        .duplicate, codes: [code], place: shape.labelPoint, area: shape.area, outline: shape, detail: "\(number + 1)"))
                if !same { grids[first].shape = try topology.union([grids[first].shape, shape]).map(\.rounded) }
                continue
            }
            known[code] = grids.count
            grids.append(Self.grid(feature, code, shape, fields, options, natures))
        }
        grids.sort { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
    }

    private static func grid(
        _ feature: GeoJSON.Feature, _ code: String, _ shape: MultiPolygon, _ fields: ImportFields, _ options: LandImport,
        _ natures: Set<String>
    ) -> ImportedGrid {
        let name = fields.name.flatMap { feature.properties[$0]?.trimmingSpaces } ?? ""
        var parent: String?
        if case .field(let field) = options.parent { parent = feature.properties[field]?.trimmingSpaces }
        let nature = feature.properties["nature"].flatMap { natures.contains($0) ? $0 : nil }
        let skipped = [fields.code, fields.name, nature == nil ? nil : "nature"].compactMap { $0 }
        let attributes = feature.properties.filter { !skipped.contains($0.key) && $0.value.utf8.count <= 500 }
        return ImportedGrid(
            code: code, name: name.isEmpty ? code : name, nature: nature, saysNature: feature.properties["nature"] != nil,
            attributes: attributes,
            parentCode: parent, shape: shape)
    }
}
