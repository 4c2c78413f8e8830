import Basics
import Catalog
import Store

package struct Person: Sendable, Hashable {
    package let id: PersonID
    package let name: String
    package let phone: String?
    /// Nil until one is chosen: then pages are in the browser's.
    package let language: Language?

    package init(id: PersonID, name: String, phone: String? = nil, language: Language? = nil) {
        self.id = id
        self.name = name
        self.phone = phone
        self.language = language
    }

    init(_ row: Row) throws {
        self.init(id: try row["id"], name: try row["name"], phone: try row["phone"], language: Language(rawValue: try row["language"]))
    }

    static let columns: SQL = "id, name, phone, language"
}

/// What a person set for himself.
package struct Settings: Sendable, Hashable, Codable {
    package enum TypeSize: String, Sendable, Codable, CaseIterable { case usual, large, largest }

    package var typeSize: TypeSize

    package init(typeSize: TypeSize = .usual) { self.typeSize = typeSize }

    private enum CodingKeys: String, CodingKey { case typeSize = "type_size" }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        typeSize = (try? container.decode(TypeSize.self, forKey: .typeSize)) ?? .usual
    }
}

/// A sign-in as administrators see it; never the password record.
package struct Account: Sendable, Hashable {
    package let person: PersonID
    package let name: String
    package let disabled: Bool
    package let lockedUntil: Instant?
    package let settings: Settings
}

extension Posts {
    /// Adds a person; the same id again changes nothing.
    package func addPerson(_ new: Person, act: Act, in tx: Transaction) throws {
        try tx.lock(new.id)
        if try tx.exists("SELECT 1 FROM person WHERE id = \(new.id)") { return }
        try requireAnywhere(.administer, act: act, in: tx)
        let name = try Self.named(new.name)
        try tx.run(
            "INSERT INTO person (id, name, phone, language, at) VALUES (\(new.id), \(name), \(new.phone), \(new.language?.rawValue ?? ""), \(act.at))"
        )
        try tx.record(act.entry("person.added", subject: "person", id: new.id.uuid, path: .root))
    }

    /// Persons have no land: an administrator of any land may add one.
    func requireAnywhere(_ group: VerbGroup, act: Act, in tx: Transaction) throws {
        if act.actor.isSystem { return }
        let scope = try scope(of: act.actor, group, at: act.at, in: tx)
        guard !scope.prefixes.isEmpty else { throw PostsRefusal.notAllowed }
    }

    /// Whoever holds posts is looked after by those who have the land of all of them: an administrator or security officer of one
    /// subdistrict changes nobody's name, number or way in who works in another, or above both.
    func require(_ group: VerbGroup, over person: PersonID, act: Act, in tx: Transaction) throws {
        try requireAnywhere(group, act: act, in: tx)
        let paths = try tx.all(
            """
            SELECT DISTINCT p.path_now FROM holding h JOIN post p ON p.id = h.post_id
            WHERE h.person_id = \(person) AND (h.to_at IS NULL OR h.to_at > \(act.at))
            """
        ) { try $0[0] as Path }
        for path in paths { try require(group, on: path, act: act, in: tx) }
    }

    package func renamePerson(_ id: PersonID, to name: String, phone: String?, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let known = try person(id, in: tx)
        try require(.administer, over: id, act: act, in: tx)
        let name = try Self.named(name)
        guard name != known.name || phone != known.phone else { return }
        try tx.run("UPDATE person SET name = \(name), phone = \(phone) WHERE id = \(id)")
        try tx.record(act.entry("person.changed", subject: "person", id: id.uuid, path: .root))
    }

    /// - Throws: `PostsRefusal.unknownPerson`.
    package func person(_ id: PersonID, in tx: Transaction) throws -> Person {
        guard let person = try tx.first("SELECT \(sql: Person.columns) FROM person WHERE id = \(id)", Person.init) else {
            throw PostsRefusal.unknownPerson
        }
        return person
    }

    package func persons(_ ids: some Collection<PersonID>, in tx: Transaction) throws -> [PersonID: Person] {
        var known: [PersonID: Person] = [:]
        let all = Array(Set(ids)).sorted()
        for start in stride(from: 0, to: all.count, by: 500) {
            let some = all[start..<min(all.count, start + 500)]
            try tx.each("SELECT \(sql: Person.columns) FROM person WHERE id IN (\(list: some))") { row in
                let person = try Person(row)
                known[person.id] = person
            }
        }
        return known
    }

    /// Persons whose name or phone begins with the text, at most `limit`, by name.
    package func findPersons(_ text: String, limit: Int = 20, in tx: Transaction) throws -> [Person] {
        let text = text.trimmingSpaces
        guard !text.isEmpty else { return [] }
        return try tx.all(
            """
            SELECT \(sql: Person.columns) FROM person
            WHERE (name >= \(text) AND name < \(text + "\u{10FFFF}")) OR phone = \(text) ORDER BY name, id LIMIT \(limit)
            """, Person.init)
    }

    // MARK: Accounts

    /// Who holds a post now and cannot sign in yet, by name: the work of whoever makes accounts.
    package func withoutAccount(at now: Instant, limit: Int = 100, in tx: Transaction) throws -> [Person] {
        try tx.all(
            """
            SELECT \(sql: Person.columns) FROM person
            WHERE id IN (SELECT person_id FROM holding WHERE from_at <= \(now) AND (to_at IS NULL OR to_at > \(now)))
                AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = person.id)
            ORDER BY name, id LIMIT \(limit)
            """, Person.init)
    }

    /// Gives a person a sign-in.
    /// - Parameter record: from `KeyStretching.record(of:)`, made before the transaction.
    /// - Throws: `PostsRefusal.nameTaken`, `.nameMissing`, `.unknownPerson`, `.notAllowed`.
    package func addAccount(of person: PersonID, name: String, record: String, act: Act, in tx: Transaction) throws {
        try tx.lock(person)
        _ = try self.person(person, in: tx)
        let name = Self.accountName(try Self.named(name))
        if let known = try tx.first("SELECT name FROM account WHERE person_id = \(person)", { try $0[0] as String }) {
            guard known == name else { throw PostsRefusal.nameTaken }
            return
        }
        try require(.security, over: person, act: act, in: tx)
        guard try !tx.exists("SELECT 1 FROM account WHERE name = \(name)") else { throw PostsRefusal.nameTaken }
        try tx.run(
            """
            INSERT INTO account (person_id, name, password, failed, locked_until, disabled, settings)
            VALUES (\(person), \(name), \(record), 0, NULL, \(false), \(json: Settings()))
            """)
        try tx.record(act.entry("account.added", subject: "account", id: person.uuid, path: .root))
    }

    /// A new password ends all sessions. One's own, or by whoever has the right.
    package func setPassword(of person: PersonID, record: String, act: Act, in tx: Transaction) throws {
        try tx.lock(person)
        if act.actor.person != person { try require(.security, over: person, act: act, in: tx) }
        let changed = try tx.run(
            "UPDATE account SET password = \(record), failed = 0, locked_until = NULL WHERE person_id = \(person)")
        guard changed > 0 else { throw PostsRefusal.unknownAccount }
        try signOutEverywhere(person, in: tx)
        try tx.record(act.entry("account.password_set", subject: "account", id: person.uuid, path: .root))
    }

    /// Shuts an account, ending its sessions, or opens it again.
    package func setDisabled(_ disabled: Bool, of person: PersonID, act: Act, in tx: Transaction) throws {
        try tx.lock(person)
        guard act.actor.person != person else { throw PostsRefusal.notToYourself }
        try require(.security, over: person, act: act, in: tx)
        guard let now = try tx.first("SELECT disabled FROM account WHERE person_id = \(person)", { try $0[0] as Bool }) else {
            throw PostsRefusal.unknownAccount
        }
        guard now != disabled else { return }
        try tx.run("UPDATE account SET disabled = \(disabled) WHERE person_id = \(person)")
        if disabled {
            try signOutEverywhere(person, in: tx)
            try tx.run("DELETE FROM trusted_device WHERE person_id = \(person)")
        }
        try tx.record(act.entry(disabled ? "account.disabled" : "account.enabled", subject: "account", id: person.uuid, path: .root))
    }

    /// One's own language and type size.
    package func setSettings(_ settings: Settings, language: Language, of person: PersonID, in tx: Transaction) throws {
        try tx.run("UPDATE account SET settings = \(json: settings) WHERE person_id = \(person)")
        try tx.run("UPDATE person SET language = \(language) WHERE id = \(person)")
    }

    package func isAccountName(_ name: String, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM account WHERE name = \(Self.accountName(name))")
    }

    package func person(account name: String, in tx: Transaction) throws -> PersonID? {
        try tx.first("SELECT person_id FROM account WHERE name = \(Self.accountName(name))") { try $0[0] as PersonID }
    }

    package func account(of person: PersonID, in tx: Transaction) throws -> Account? {
        try tx.first("SELECT person_id, name, disabled, locked_until, settings FROM account WHERE person_id = \(person)", Self.account)
    }

    package func accounts(in tx: Transaction) throws -> [Account] {
        try tx.all("SELECT person_id, name, disabled, locked_until, settings FROM account ORDER BY name", Self.account)
    }

    private static func account(_ row: Row) throws -> Account {
        Account(
            person: try row["person_id"], name: try row["name"], disabled: try row["disabled"], lockedUntil: try row["locked_until"],
            settings: try row.json("settings"))
    }
}
