import Basics
import Store

/// Ten codes for a lost phone, each good once: a digit, its place, and nine letters of about 45 bits, kept stretched like passwords.
struct RecoveryCodes: Sendable {
    static let count = 10
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// As they are written down: `3kwpt-mq7xa`.
    private(set) var shown: [String] = []
    private(set) var records: [String] = []

    static func new(_ stretching: KeyStretching) async throws -> RecoveryCodes {
        var random = SystemRandomNumberGenerator()
        var codes = RecoveryCodes()
        for place in 0..<count {
            let code = "\(place)" + String((0..<9).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
            codes.shown.append("\(code.prefix(5))-\(code.suffix(5))")
            codes.records.append(try await stretching.record(of: code))
        }
        return codes
    }
}

/// Whether a try at the second factor may be made.
enum FactorTry: Sendable {
    case open(tries: Int64)
    case shut(until: Instant)
}

extension Posts {
    /// Counts the try before it is made; success sets it back.
    func takeFactorTry(of person: PersonID, at now: Instant, in tx: Transaction) throws -> FactorTry {
        let tries = try tx.first(
            """
            UPDATE second_factor SET failed = failed + 1
            WHERE person_id = \(person) AND (locked_until IS NULL OR locked_until <= \(now)) RETURNING failed
            """
        ) { try $0[0] as Int64 }
        guard let tries else {
            let until = try tx.first("SELECT locked_until FROM second_factor WHERE person_id = \(person)") { try $0[0] as Instant? } ?? nil
            return .shut(until: until ?? now)
        }
        if let span = Self.lock(after: tries) {
            try tx.run("UPDATE second_factor SET locked_until = \(now + span) WHERE person_id = \(person)")
        }
        return .open(tries: tries)
    }

    /// The place of a right recovery code; nil for what is written like a code of the app.
    /// - Throws: `SignInRefusal.codeWrong`, `.locked`.
    func recoveryPlace(_ code: String, of person: PersonID, at now: Instant, in database: Database) async throws -> Int64? {
        guard code.count == 10, code.contains(where: \.isLetter), let place = code.first?.wholeNumberValue else { return nil }
        let tried = try await database.write { [self] tx in try takeFactorTry(of: person, at: now, in: tx) }
        if case .shut(let until) = tried { throw SignInRefusal.locked(until: until) }
        let record = try await database.read { tx in
            try tx.first("SELECT record FROM recovery_code WHERE person_id = \(person) AND place = \(place) AND used_at IS NULL") {
                try $0[0] as String
            }
        }
        guard let record, try await stretching.verify(code, against: record) else {
            let entry = Self.entry(UUIDv7(at: now), "account.code_refused", person, at: now)
            try await database.write { tx in _ = try tx.record(entry) }
            throw SignInRefusal.codeWrong
        }
        return Int64(place)
    }

    /// Once: false when another sign-in was quicker.
    func take(_ place: Int64, of person: PersonID, at now: Instant, in tx: Transaction) throws -> Bool {
        try tx.run("UPDATE second_factor SET failed = 0, locked_until = NULL WHERE person_id = \(person)")
        return try tx.run(
            "UPDATE recovery_code SET used_at = \(now) WHERE person_id = \(person) AND place = \(place) AND used_at IS NULL") > 0
    }
}
