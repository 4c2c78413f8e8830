import Basics
import Geo
import Store

/// One thing of a register with its current values.
package struct Record: Sendable, Hashable {
    package let id: RecordID
    package let register: String
    package let name: String
    /// Element → value, with who confirmed it, when and from where.
    package let facts: [String: Fact]
    package let point: Coordinate?
    package let shape: RecordShape?
    /// Moved with the land.
    package let path: Path
    /// The last time somebody confirmed anything of it.
    package let confirmedAt: Instant?
    package let from: Day
    package let to: Day

    init(_ row: Row) throws {
        id = try row["id"]
        register = try row["register"]
        name = try row["name"]
        facts = try row.json("fields")
        let (lon, lat): (Double?, Double?) = (try row["lon"], try row["lat"])
        point = if let lon, let lat { Coordinate(lon: lon, lat: lat) } else { nil }
        shape = try (row["shape"] as [UInt8]?).map { try RecordShape(wkb: $0) }
        path = try row["path_now"]
        confirmedAt = try row["confirmed_at"]
        from = try row["from_day"]
        to = try row["to_day"]
    }

    static let columns: SQL = "id, register, name, fields, lon, lat, shape, path_now, confirmed_at, from_day, to_day"

    /// Metres to a point; nil when the record has no place.
    package func distance(to place: Coordinate) -> Double? { shape?.distance(to: place) ?? point?.distance(to: place) }
}

/// A record as it is to be: made when its id is new, else changed to this.
package struct NewRecord: Sendable {
    package let id: RecordID
    package let register: String
    package let name: String
    /// Only those given are changed; nil takes a value away.
    package let values: [String: FactValue?]
    package let point: Coordinate?
    package let shape: RecordShape?
    /// The deepest grid at its point, from `Grids`; the root when outside.
    package let path: Path
    package let from: Day

    package init(
        id: RecordID, register: String, name: String, values: [String: FactValue?] = [:], point: Coordinate? = nil,
        shape: RecordShape? = nil,
        path: Path, from: Day = .beginning
    ) {
        self.id = id
        self.register = register
        self.name = name
        self.values = values
        self.point = point
        self.shape = shape
        self.path = path
        self.from = from
    }
}

/// What cannot be done with the ledger; the sentences are `refusal.ledger.…`.
package enum LedgerRefusal: Refusal, Equatable {
    case notAllowed
    case unknownRegister, unknownRecord, unknownLink
    case unknownElement(String)
    case badValue(String)
    case nameMissing, datesContradict, ended
    /// The register says to which register a link of this role leads.
    case wrongLink

    package var key: String { "ledger." + name }

    private var name: String {
        switch self {
        case .notAllowed: "not_allowed"
        case .unknownRegister: "unknown_register"
        case .unknownRecord: "unknown_record"
        case .unknownLink: "unknown_link"
        case .unknownElement: "unknown_element"
        case .badValue: "bad_value"
        case .nameMissing: "name_missing"
        case .datesContradict: "dates_contradict"
        case .ended: "ended"
        case .wrongLink: "wrong_link"
        }
    }

    package var values: [String: String] {
        switch self {
        case .unknownElement(let element), .badValue(let element): ["element": element]
        default: [:]
        }
    }

    package var sort: RefusalSort {
        switch self {
        case .notAllowed: .forbidden
        case .unknownRegister, .unknownRecord, .unknownLink: .missing
        case .ended: .conflict
        default: .invalid
        }
    }
}
