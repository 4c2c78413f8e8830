import Basics
import Crypto
import Foundation

/// What a backup holds, with the digest of each part; the last thing that is written.
package struct Manifest: Codable, Sendable {
    package struct Table: Codable, Equatable, Sendable {
        package let name: String
        package let columns: [Schema.Column]
        package let rows: Int
        package let bytes: Int
        package let sha256: String
    }

    package struct Photos: Codable, Equatable, Sendable {
        package var count = 0
        package var bytes = 0
        /// Noted in the database, but gone or changed on the disk they were to be copied from.
        package var absent: [String] = []
    }

    package struct Journal: Codable, Equatable, Sendable {
        package var entries = 0
        package var sealed = 0
        /// The last seal, in hexadecimal: to be compared with an anchor that was printed.
        package var head = ""
    }

    static let format = 1

    package let format: Int
    /// ISO 8601, UTC.
    package let made: String
    /// `SQLite 3.40.1`, `PostgreSQL 15.20`.
    package let from: String
    package let migrations: [String]
    package internal(set) var tables: [Table] = []
    package internal(set) var photos = Photos()
    package internal(set) var journal = Journal()

    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }

    /// Hash of the manifest itself, as `sha256sum -c` reads it.
    static func seal(_ bytes: Data) -> String { "\(Secret.hex(SHA256.hash(data: bytes)))  manifest.json\n" }

    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let bytes = try encoder.encode(self)
        for (name, data) in [("manifest.json", bytes), ("manifest.sha256", Data(Self.seal(bytes).utf8))] {
            var file = try PartFile(folder + "/" + name)
            try file.write(data)
            _ = try file.finish()
        }
    }

    /// - Throws: `BackupRefusal`.
    package init(of folder: String) throws {
        guard let bytes = FileManager.default.contents(atPath: folder + "/manifest.json") else { throw BackupRefusal.noBackup(folder) }
        guard FileManager.default.contents(atPath: folder + "/manifest.sha256") == Data(Self.seal(bytes).utf8),
            let read = try? JSONDecoder().decode(Manifest.self, from: bytes)
        else { throw BackupRefusal.damaged([.changed("manifest.json")]) }
        guard read.format == Self.format else { throw BackupRefusal.otherFormat(read.format) }
        try Migrations.refuseNewer(read.migrations)
        self = read
    }

    init(made: Instant, from: String, migrations: [String]) {
        format = Self.format
        self.made = made.iso(in: .gmt)
        self.from = from
        self.migrations = migrations
    }

    /// Whether the rows are the same, whatever they were written from and when.
    package func hasRows(of other: Manifest) -> Bool {
        tables == other.tables && journal == other.journal && migrations == other.migrations
    }
}

/// What is wrong in a backup.
package enum Damage: Equatable, Sendable {
    case changed(String)
    case missing(String)
    /// The entry that does not fit its seal.
    case seal(UUIDv7)
}

package enum BackupRefusal: Refusal, Equatable {
    case noBackup(String)
    case exists(String)
    case underWay(String)
    case otherFormat(Int)
    case damaged([Damage])
    case hasData(String)

    package var key: String { "backup." + name }

    private var name: String {
        switch self {
        case .noBackup: "no_backup"
        case .exists: "exists"
        case .underWay: "under_way"
        case .otherFormat: "other_format"
        case .damaged: "damaged"
        case .hasData: "has_data"
        }
    }

    package var values: [String: String] {
        switch self {
        case .noBackup(let folder), .exists(let folder), .underWay(let folder), .hasData(let folder): ["folder": folder]
        case .otherFormat(let format): ["format": "\(format)"]
        case .damaged(let found): ["count": "\(found.count)"]
        }
    }

    package var sort: RefusalSort { .conflict }
}
