import Basics
import Catalog
import Geo
import Store

/// What is asked of an import of boundaries; see `weiwang import grids --help`.
package struct LandImport: Sendable {
    package enum Parent: Sendable, Equatable {
        /// The smallest grid of a higher level that holds at least 99 % of it, else the root.
        case found
        case code(String)
        /// The feature's property that holds the code.
        case field(String)
    }

    package var level: String
    package var parent: Parent = .found
    /// Properties; nil takes what looks like it.
    package var codeField: String?
    package var nameField: String?
    package var from: Day?
    package var replace = false
    package var datum: ChineseDatum = .wgs84
    /// Metres.
    package var tolerance = 5.0
    package var accept: Set<String> = []

    package init(level: String) { self.level = level }
}

/// What an import would do; nothing is written yet.
package struct LandPlan: Sendable {
    struct Step: Sendable {
        /// A new grid, if `before` is nil.
        let id: GridID
        let level: String
        let code: String
        let name: String
        let nature: String?
        let attributes: [String: String]
        let parent: GridID
        let shape: MultiPolygon
        let area: Double
        let from: Day
        let before: Before?
        let entry: UUIDv7

        struct Before: Sendable {
            let named: Bool
            let moved: Bool
            let reshaped: Bool
        }
    }

    struct End: Sendable {
        let id: GridID
        let path: Path
        let day: Day
        let entry: UUIDv7
    }

    package let level: String
    package let findings: [LandFinding]
    /// Sentences for the person: key below `land.notice.` and parameters.
    package let notices: [(key: String, values: [String: String])]
    package let codeField: String
    package let nameField: String?
    package let total: Int
    package let unchanged: Int
    let revision: String
    let planned: UUIDv7
    let steps: [Step]
    let ends: [End]
    /// All shapes of the level as they will be, for a drawing.
    package let drawing: [(code: String, shape: MultiPolygon)]

    package var made: Int { steps.count { $0.before == nil } }
    package var changed: Int { steps.count { $0.before != nil } }
    package var ended: Int { ends.count }
    package var isRefused: Bool { findings.contains(where: \.refuses) }
    package var changesNothing: Bool { steps.isEmpty && ends.isEmpty }

    package enum Change: String, Sendable, CaseIterable { case made, changed, ended }
    /// What happens to which grid, from the top down.
    package var changes: [(id: GridID, change: Change)] {
        steps.map { ($0.id, $0.before == nil ? .made : .changed) } + ends.map { ($0.id, .ended) }
    }
}

/// A *no* about land that a person may correct.
package enum LandRefusal: Refusal, Equatable {
    case unknownLevel(String, known: String)
    case noFeatures
    /// In GDAL's own words.
    case unreadable(String)
    case file(FileFault, String)
    case noSuchField(String, known: String)
    case noCodeField(known: String)
    case unknownParent([String])
    /// What is named is a finding that the import was told to keep to.
    case unsound(Int)
    /// Given as WGS-84, but it lies better as GCJ-02: shares of its area within its parents, in percent.
    case looksLikeGCJ02(before: Int, after: Int)
    case changedMeanwhile
    case offTheEarth(Int)

    /// What is wrong with a file as such.
    package enum FileFault: String, CaseIterable, Sendable {
        case missing
        case notGeoJSON = "not_geojson"
        case tooLarge = "too_large"
        case shapefileParts = "shapefile_parts"
        case archiveBroken = "archive_broken"
        case archiveTooLarge = "archive_too_large"
        case archiveEmpty = "archive_empty"
        case archiveLocked = "archive_locked"
    }

    package var key: String {
        switch self {
        case .unknownLevel: "land.unknown_level"
        case .noFeatures: "land.no_features"
        case .unreadable: "land.unreadable"
        case .file(let fault, _): "land.file.\(fault.rawValue)"
        case .noSuchField: "land.no_such_field"
        case .noCodeField: "land.no_code_field"
        case .unknownParent: "land.unknown_parent"
        case .unsound: "land.unsound"
        case .looksLikeGCJ02: "land.looks_like_gcj02"
        case .changedMeanwhile: "land.changed_meanwhile"
        case .offTheEarth: "land.off_the_earth"
        }
    }

    package var values: [String: String] {
        switch self {
        case .unknownLevel(let level, let known): ["level": level, "known": known]
        case .noSuchField(let field, let known): ["field": field, "known": known]
        case .noCodeField(let known): ["known": known]
        case .unknownParent(let codes):
            ["codes": codes.prefix(20).joined(separator: ", ") + (codes.count > 20 ? ", …" : ""), "count": String(codes.count)]
        case .unsound(let count), .offTheEarth(let count): ["count": String(count)]
        case .looksLikeGCJ02(let before, let after): ["before": String(before), "after": String(after)]
        case .unreadable(let why), .file(_, let why): ["why": why]
        case .noFeatures, .changedMeanwhile: [:]
        }
    }

    package var sort: RefusalSort { self == .changedMeanwhile ? .conflict : .invalid }
}
