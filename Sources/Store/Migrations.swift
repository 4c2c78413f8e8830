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
        ("0017-long-lists", PackageResources._017_long_lists_sql),
    ]

    static func run(on connection: any Connection) throws {
        try connection.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)")
        let transaction = Transaction(connection, isReadOnly: false)
        let done = Set(try transaction.all("SELECT name FROM migration") { try $0["name"] as String })
        if let unknown = done.subtracting(files.map(\.name)).sorted().first { throw StoreFailure.newerSchema(unknown) }
        for file in files where !done.contains(file.name) {
            for statement in statements(String(decoding: file.bytes, as: UTF8.self), for: connection.dialect) {
                try connection.execute(statement)
            }
            _ = try connection.run("INSERT INTO migration (name) VALUES (\(file.name))")
        }
    }

    /// Splits a file at semicolons that end a line, drops comments, keeps what belongs to the database, spells the column words.
    static func statements(_ text: String, for dialect: Dialect) -> [String] {
        var result: [String] = []
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
                if only == nil || only == dialect { result.append(spell(current, dialect)) }
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
