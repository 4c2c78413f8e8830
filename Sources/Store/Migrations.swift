import Basics

/// Brings a database to the newest schema; each file runs once, in order, in one transaction.
enum Migrations {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("0001-store", PackageResources._001_store_sql),
        ("0002-land", PackageResources._002_land_sql),
        ("0003-posts", PackageResources._003_posts_sql),
        ("0004-ledger", PackageResources._004_ledger_sql),
        ("0005-matters", PackageResources._005_matters_sql),
        ("0006-entry-at", PackageResources._006_entry_at_sql),
        ("0007-consent", PackageResources._007_consent_sql),
        ("0008-answers", PackageResources._008_answers_sql),
        ("0009-matter-open", PackageResources._009_matter_open_sql),
        ("0010-work-indexes", PackageResources._010_work_indexes_sql),
        ("0011-wall", PackageResources._011_wall_sql),
        ("0012-intake", PackageResources._012_intake_sql),
        ("0015-second-factor", PackageResources._015_second_factor_sql),
        ("0016-journal-by-person", PackageResources._016_journal_by_person_sql),
        ("0017-long-lists", PackageResources._017_long_lists_sql),
        ("0018-search-land", PackageResources._018_search_land_sql),
        ("0019-person-and-photo", PackageResources._019_person_and_photo_sql),
    ]

    /// - Parameters:
    ///   - names: only these, for data of an older version that are to be read as they were written.
    ///   - step: called before each statement; a test stops there.
    static func run(on connection: any Connection, only names: [String] = files.map(\.name), step: () throws -> Void = {}) throws {
        try connection.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)")
        let done = Set(try done(on: connection))
        for file in files where names.contains(file.name) && !done.contains(file.name) {
            for statement in statements(String(decoding: file.bytes, as: UTF8.self), for: connection.dialect) {
                try step()
                try connection.execute(statement)
            }
            try step()
            _ = try connection.run("INSERT INTO migration (name) VALUES (\(file.name))")
        }
        try step()
    }

    /// Whether anybody has written here yet.
    static func wereRun(_ tx: Transaction) throws -> Bool {
        switch tx.dialect {
        case .sqlite: try tx.exists("SELECT 1 FROM sqlite_master WHERE name = 'migration'")
        case .postgres:
            try tx.exists("SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'migration'")
        }
    }

    /// Whether data are there whose schema is to be brought up to date.
    static func areDue(_ tx: Transaction) throws -> Bool {
        guard try wereRun(tx) else { return false }
        let done = try done(on: tx.connection)
        return files.contains { !done.contains($0.name) }
    }

    /// Those that were run here. - Throws: `StoreFailure.newerSchema`.
    static func done(on connection: any Connection) throws -> [String] {
        let done = try Transaction(connection, isReadOnly: true).all("SELECT name FROM migration ORDER BY name") {
            try $0["name"] as String
        }
        try refuseNewer(done)
        return done
    }

    static func refuseNewer(_ names: [String]) throws {
        if let unknown = Set(names).subtracting(files.map(\.name)).sorted().first { throw StoreFailure.newerSchema(unknown) }
    }

    /// Data of an older version lack columns that are asked for.
    static func refuseOlder(_ names: [String]) throws {
        if let missing = files.map(\.name).first(where: { !names.contains($0) }) { throw StoreFailure.olderSchema(missing) }
    }

    /// The statements of a file for one database, with the column words spelled.
    static func statements(_ text: String, for dialect: Dialect) -> [String] {
        pieces(text).filter { $0.only == nil || $0.only == dialect }.map { spell($0.statement, dialect) }
    }

    /// Splits a file at semicolons that end a line and drops comments.
    static func pieces(_ text: String) -> [(statement: String, only: Dialect?)] {
        var result: [(statement: String, only: Dialect?)] = []
        var current = ""
        var only: Dialect?
        for line in text.split(separator: "\n") {
            let bare = line.trimmingSpaces
            if bare == "--@sqlite" { only = .sqlite; continue }
            if bare == "--@postgres" { only = .postgres; continue }
            let code = line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
            guard !code.allSatisfy(\.isWhitespace) else { continue }
            current += code + "\n"
            if code.trimmingSpaces.hasSuffix(";") {
                result.append((current, only))
                current = ""
                only = nil
            }
        }
        return result
    }

    private static func spell(_ statement: String, _ dialect: Dialect) -> String {
        let isVirtual = statement.contains("VIRTUAL TABLE")
        var result = ""
        var word = ""
        func flush() {
            result += dialect.words[word] ?? word
            word = ""
        }
        for character in statement {
            if character.isLetter || character == "_" {
                word.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        if dialect == .sqlite { result = result.replacing("DOUBLE PRECISION", with: "REAL") }
        guard dialect == .sqlite, result.hasPrefix("CREATE TABLE"), !isVirtual, let end = result.lastIndex(of: ";") else { return result }
        return result[..<end] + " STRICT;"
    }
}
