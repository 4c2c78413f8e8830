import Basics
import Catalog
import Store

/// A second factor as its owner and the security officer see it.
package struct SecondFactor: Sendable {
    package let madeAt: Instant
    package let recoveryLeft: Int
    package let devices: [TrustedDevice]
}

/// A browser on which the password alone is asked for.
package struct TrustedDevice: Sendable {
    package let id: UUIDv7
    package let madeAt: Instant
    package let until: Instant
    /// The one that asks.
    package let isThis: Bool

    static let lasts = Span.days(30)
}

extension Posts {
    static let factorUse = "second factor"
    private static let waiver = "second_factor.waived"

    // MARK: Who must

    /// Marks these data as a demonstration whose passwords are printed: nobody is made to set up an app, whoever wants to may.
    package static func waiveSecondFactor(in tx: Transaction) throws { try tx.setMeta(waiver, "demo") }

    package func isSecondFactorWaived(in tx: Transaction) throws -> Bool { try tx.meta(Self.waiver) != nil }

    /// Whether a post held now asks for it.
    package func demandsSecondFactor(of person: PersonID, at now: Instant, in tx: Transaction) throws -> Bool {
        guard try !isSecondFactorWaived(in: tx) else { return false }
        let book = try book(in: tx)
        return book.heldPosts(of: person, at: now).contains { book.roles[$0.role]?.secondFactor == true }
    }

    package func hasSecondFactor(_ person: PersonID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM second_factor WHERE person_id = \(person)")
    }

    /// - Parameter device: the token of the browser that asks.
    package func secondFactor(of person: PersonID, device: String? = nil, at now: Instant, in tx: Transaction) throws -> SecondFactor? {
        guard let madeAt = try tx.first("SELECT made_at FROM second_factor WHERE person_id = \(person)", { try $0[0] as Instant }) else {
            return nil
        }
        let digest = device.map { Secret.digest($0) }
        return SecondFactor(
            madeAt: madeAt,
            recoveryLeft: try tx.count("SELECT COUNT(*) FROM recovery_code WHERE person_id = \(person) AND used_at IS NULL"),
            devices: try tx.all(
                "SELECT id, made_at, until, digest FROM trusted_device WHERE person_id = \(person) AND until > \(now) ORDER BY made_at DESC, id"
            ) {
                TrustedDevice(
                    id: try $0["id"], madeAt: try $0["made_at"], until: try $0["until"], isThis: try $0["digest"] as [UInt8] == digest)
            })
    }

    // MARK: Devices

    func trusts(_ device: String?, of person: PersonID, at now: Instant, in tx: Transaction) throws -> Bool {
        guard let device else { return false }
        return try tx.exists(
            "SELECT 1 FROM trusted_device WHERE digest = \(Secret.digest(device)) AND person_id = \(person) AND until > \(now)")
    }

    func trust(_ device: String, of person: PersonID, at now: Instant, in tx: Transaction) throws {
        try tx.run("DELETE FROM trusted_device WHERE person_id = \(person) AND until <= \(now)")
        try tx.run(
            """
            INSERT INTO trusted_device (digest, id, person_id, made_at, until)
            VALUES (\(Secret.digest(device)), \(person.uuid.derived(device)), \(person), \(now), \(now + TrustedDevice.lasts))
            """)
    }

    /// From now on the code is asked for there again.
    package func distrust(_ device: UUIDv7, of person: PersonID, act: Act, in tx: Transaction) throws {
        guard try tx.run("DELETE FROM trusted_device WHERE id = \(device) AND person_id = \(person)") > 0 else { return }
        try tx.record(act.entry("account.device_distrusted", subject: "account", id: person.uuid, path: .root))
    }

    // MARK: Putting it down

    /// Somebody else's, by whoever keeps accounts: a lost phone without a recovery code. All sessions end.
    /// - Throws: `PostsRefusal.notToYourself`, `.notAllowed`, `.unknownAccount`.
    package func resetSecondFactor(of person: PersonID, act: Act, in tx: Transaction) throws {
        try tx.lock(person)
        guard act.actor.person != person else { throw PostsRefusal.notToYourself }
        try require(.security, over: person, act: act, in: tx)
        guard try tx.exists("SELECT 1 FROM account WHERE person_id = \(person)") else { throw PostsRefusal.unknownAccount }
        guard try hasSecondFactor(person, in: tx) else { return }
        try dropFactor(of: person, in: tx)
        try signOutEverywhere(person, in: tx)
        try tx.record(act.entry("account.second_factor_reset", subject: "account", id: person.uuid, path: .root))
    }

    /// One's own, where no post asks for it.
    /// - Throws: `SignInRefusal.factorNeeded`, `.wrong`, `.locked`.
    package func removeSecondFactor(password: String, act: Act, in database: Database) async throws {
        guard let person = act.actor.person else { throw PostsRefusal.notAllowed }
        try await checkOwnPassword(of: person, password, at: act.at, in: database)
        try await database.write { [self] tx in
            try tx.lock(person)
            if try demandsSecondFactor(of: person, at: act.at, in: tx) { throw SignInRefusal.factorNeeded }
            guard try hasSecondFactor(person, in: tx) else { return }
            try dropFactor(of: person, in: tx)
            try tx.record(act.entry("account.second_factor_removed", subject: "account", id: person.uuid, path: .root))
        }
    }

    func dropFactor(of person: PersonID, in tx: Transaction) throws {
        try tx.run("DELETE FROM second_factor WHERE person_id = \(person)")
        try tx.run("DELETE FROM recovery_code WHERE person_id = \(person)")
        try tx.run("DELETE FROM trusted_device WHERE person_id = \(person)")
        try tx.run("DELETE FROM sign_in_step WHERE person_id = \(person)")
    }
}
