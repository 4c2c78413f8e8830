import Basics
import Foundation
import Store

/// Where a sign-in stands between the password and the code.
package struct SignInStep: Sendable {
    package let person: PersonID
    package let account: String
    /// Sealed; an app is being set up.
    let sealed: [UInt8]?
    package var enrols: Bool { sealed != nil }

    package static let lasts = Span.minutes(10)
}

/// What the right code led to.
package struct Confirmed: Sendable {
    package let signedIn: SignedIn
    /// Token of this browser, when it is to be trusted.
    package let device: String?
    /// Shown once, after an app was set up; else empty.
    package let recoveryCodes: [String]
}

extension Posts {
    func newSealedSecret(of person: PersonID, in database: Database) async throws -> [UInt8] {
        try await database.read { [self] in try secret(in: $0) }.seal(TOTP.new().secret, use: Self.factorUse, of: person.uuid)
    }

    /// One step a person at a time: a new one ends the one before.
    func begin(_ token: String, of person: PersonID, enrolling secret: [UInt8]?, at now: Instant, in tx: Transaction) throws {
        try tx.run("DELETE FROM sign_in_step WHERE person_id = \(person) OR until <= \(now)")
        try tx.run(
            """
            INSERT INTO sign_in_step (digest, person_id, secret, until)
            VALUES (\(Secret.digest(token)), \(person), \(secret), \(now + SignInStep.lasts))
            """)
    }

    /// Somebody signed in sets up an app, the first one or another; the one before holds until the new one is confirmed.
    /// - Returns: the token of the step.
    /// - Throws: `SignInRefusal.wrong`, `.locked`.
    package func beginEnrolment(of person: PersonID, password: String, at now: Instant, in database: Database) async throws -> String {
        try await checkOwnPassword(of: person, password, at: now, in: database)
        let (token, secret) = (Secret.token(bytes: 24), try await newSealedSecret(of: person, in: database))
        try await database.write { [self] tx in try begin(token, of: person, enrolling: secret, at: now, in: tx) }
        return token
    }

    package func step(_ token: String, at now: Instant, in tx: Transaction) throws -> SignInStep? {
        try tx.first(
            """
            SELECT s.person_id, s.secret, a.name FROM sign_in_step s JOIN account a ON a.person_id = s.person_id
            WHERE s.digest = \(Secret.digest(token)) AND s.until > \(now) AND a.disabled = \(false)
            """
        ) { SignInStep(person: try $0["person_id"], account: try $0["name"], sealed: try $0["secret"]) }
    }

    /// What is to be put into the app.
    /// - Throws: `PostsFailure.badSeal`.
    package func app(of step: SignInStep, in tx: Transaction) throws -> TOTP? {
        guard let sealed = step.sealed else { return nil }
        return TOTP(secret: try secret(in: tx).open(sealed, use: Self.factorUse, of: step.person.uuid))
    }

    /// Takes the code of the app, or a recovery code in its place, and opens the session.
    /// - Parameter trust: on this browser the password alone will do for thirty days.
    /// - Throws: `SignInRefusal.codeWrong`, `.locked`, `.stepOver`.
    package func confirm(_ token: String, code: String, trust: Bool, knock: Knock, at now: Instant, in database: Database) async throws
        -> Confirmed
    {
        guard let step = try await database.read({ [self] in try self.step(token, at: now, in: $0) }) else { throw SignInRefusal.stepOver }
        let code = code.precomposedStringWithCompatibilityMapping.lowercased().filter { $0.isLetter || $0.isNumber }
        let signed = SignedIn(token: Secret.token(bytes: 24), session: .new(of: step.person, strong: true, at: now))
        let device = trust ? Secret.token(bytes: 24) : nil
        let codes = step.enrols ? try await RecoveryCodes.new(stretching) : RecoveryCodes()
        let used = step.enrols ? nil : try await recoveryPlace(code, of: step.person, at: now, in: database)
        let entry = UUIDv7(at: now)
        let refusal = try await database.write { [self] tx -> SignInRefusal? in
            guard let step = try self.step(token, at: now, in: tx) else { return .stepOver }
            let person = step.person
            if let app = try app(of: step, in: tx) {
                guard let taken = app.step(of: code, at: now, after: 0), let sealed = step.sealed else { return .codeWrong }
                try keep(sealed, step: taken, codes, of: person, at: now, in: tx)
                try tx.record(Self.entry(entry.derived("set"), "account.second_factor_set", person, at: now, detail: knock.detail))
            } else if let used {
                guard try take(used, of: person, at: now, in: tx) else { return .codeWrong }
                try tx.record(Self.entry(entry.derived("used"), "account.recovery_code_used", person, at: now, detail: knock.detail))
            } else if let refusal = try takeCode(code, of: person, knock, entry: entry, at: now, in: tx) {
                return refusal
            }
            try tx.run("DELETE FROM sign_in_step WHERE person_id = \(person)")
            try open(signed, leaving: knock.leaving, at: now, in: tx)
            if let device { try self.trust(device, of: person, at: now, in: tx) }
            try tx.record(Self.entry(entry, "account.signed_in", person, at: now, detail: knock.detail.merging(["by": "code"]) { $1 }))
            return nil
        }
        if let refusal { throw refusal }
        return Confirmed(signedIn: signed, device: device, recoveryCodes: codes.shown)
    }

    /// The new app takes the place of the one before; whoever is signed in elsewhere signs in again.
    private func keep(_ sealed: [UInt8], step: Int64, _ codes: RecoveryCodes, of person: PersonID, at now: Instant, in tx: Transaction)
        throws
    {
        try dropFactor(of: person, in: tx)
        try signOutEverywhere(person, in: tx)
        try tx.run(
            """
            INSERT INTO second_factor (person_id, secret, made_at, step, failed, locked_until)
            VALUES (\(person), \(sealed), \(now), \(step), 0, NULL)
            """)
        for (place, record) in codes.records.enumerated() {
            try tx.run("INSERT INTO recovery_code (person_id, place, record, used_at) VALUES (\(person), \(place), \(record), NULL)")
        }
    }

    /// Nil when the code was right; each try counts, and too many shut the way as with passwords.
    private func takeCode(_ code: String, of person: PersonID, _ knock: Knock, entry: UUIDv7, at now: Instant, in tx: Transaction) throws
        -> SignInRefusal?
    {
        let tries: Int64
        switch try takeFactorTry(of: person, at: now, in: tx) {
        case .shut(let until): return .locked(until: until)
        case .open(let count): tries = count
        }
        let known = try tx.first("SELECT secret, step FROM second_factor WHERE person_id = \(person)") {
            (sealed: try $0["secret"] as [UInt8], step: try $0["step"] as Int64)
        }
        guard let known else { return .stepOver }
        let app = TOTP(secret: try secret(in: tx).open(known.sealed, use: Self.factorUse, of: person.uuid))
        guard let taken = app.step(of: code, at: now, after: known.step) else {
            for verb in ["account.code_refused"] + (Self.lock(after: tries) == nil ? [] : ["account.locked"]) {
                try tx.record(Self.entry(entry.derived(verb), verb, person, at: now, detail: knock.detail))
            }
            return .codeWrong
        }
        try tx.run("UPDATE second_factor SET step = \(taken), failed = 0, locked_until = NULL WHERE person_id = \(person)")
        return nil
    }
}
