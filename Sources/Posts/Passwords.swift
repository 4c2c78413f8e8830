import Basics
import Foundation
import Store

extension Posts {
    /// Is this a password that one may choose?
    /// - Throws: `SignInRefusal.passwordTooShort`, `.passwordTooLong`, `.passwordCommon`.
    package static func checkPassword(_ password: String, account: String = "") throws {
        if password.count < shortestPassword { throw SignInRefusal.passwordTooShort(least: shortestPassword) }
        if password.count > longestPassword { throw SignInRefusal.passwordTooLong }
        if CommonPasswords.contains(password, account: account) { throw SignInRefusal.passwordCommon }
    }

    /// The own password before something that matters, counted like a sign-in.
    /// - Throws: `SignInRefusal.wrong`, `.locked`.
    func checkOwnPassword(of person: PersonID, _ password: String, at now: Instant, in database: Database) async throws {
        guard password.utf8.count <= Self.longestPassword * 4 else { throw SignInRefusal.wrong }
        let account = try await database.read { [self] tx in try self.account(of: person, in: tx) }
        guard let account else { throw PostsRefusal.unknownAccount }
        guard let tried = try await database.write({ tx in try Self.takeTry(account.name, at: now, in: tx) }) else {
            throw SignInRefusal.wrong
        }
        guard try await stretching.verify(password, against: tried.record) else {
            try await note(tried, wrong: true, Knock(), at: now, in: database)
            throw SignInRefusal.wrong
        }
        try await database.write { tx in
            _ = try tx.run("UPDATE account SET failed = 0, locked_until = NULL WHERE person_id = \(person)")
        }
    }

    /// A new password of one's own choice; all other sessions end.
    /// - Parameter keeping: the token of the session that asks.
    /// - Throws: `SignInRefusal`.
    package func changePassword(
        of person: PersonID, from old: String, to new: String, keeping token: String, act: Act, in database: Database
    ) async throws {
        let account = try await database.read { [self] tx in try self.account(of: person, in: tx) }
        try Self.checkPassword(new, account: account?.name ?? "")
        try await checkOwnPassword(of: person, old, at: act.at, in: database)
        let record = try await stretching.record(of: new)
        try await database.write { tx in
            try tx.run("UPDATE account SET password = \(record) WHERE person_id = \(person)")
            try tx.run("DELETE FROM session WHERE person_id = \(person) AND digest <> \(Secret.digest(token))")
            try tx.run("DELETE FROM sign_in_step WHERE person_id = \(person)")
            try tx.record(act.entry("account.password_changed", subject: "account", id: person.uuid, path: .root))
        }
    }
}
