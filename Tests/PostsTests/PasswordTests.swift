import Posts
import Store
import Support
import Testing

@Suite struct PasswordTests {
    @Test("ASVS-6.2.4 ASVS-6.2.11 what anybody would try first is refused, by rule")
    func common() {
        let tried = [
            "12345678", "123456789", "87654321", "11111111", "aaaaaaaa", "abcabcabc", "12341234", "abcdefgh", "qwertyui", "qwerty123",
            "1qaz2wsx", "zaq12wsx", "asdfghjkl", "asdfjkl;", "qazwsxedc", "147258369", "password", "Password1", "P@ssw0rd", "passw0rd!",
            "password123", "Admin123", "admin@123", "admin2026", "Welcome1!", "iloveyou", "woaini1314", "woaini520", "Weiwang2026",
            "weiwang@123", "wangge888", "shequ2026!", "19900101", "20261121", "01011990", "abc12345", "abcd1234", "a1234567", "q1234567",
            "qwe12345", "qq123456", "1q2w3e4r", "88888888", "66668888", "changeme", "letmein1", "dragon123", "monkey12", "test1234",
            "ｐａｓｓｗｏｒｄ", "pass word 1", "zhengzhou2026", "Beijing2008", "huawei123", "xiaomi888", "sunshine1", "5201314520", "1q2w3e4r5t",
        ]
        for password in tried {
            #expect(throws: SignInRefusal.passwordCommon, "\(password)") { try Posts.checkPassword(password) }
        }
        for (password, account) in [("heyu2026!", "heyu"), ("HeYu12345", "heyu"), ("何雨何雨何雨2026", "何雨"), ("officer-7", "officer")] {
            #expect(throws: SignInRefusal.passwordCommon, "\(password)") { try Posts.checkPassword(password, account: account) }
        }
    }

    @Test("ASVS-6.3.2 ASVS-11.4.2 a new folder has no account; a password is kept by scrypt at its stated cost", arguments: Backend.all)
    func kept(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in try town.posts.bootstrap(at: Town.noon, in: tx) }
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM account") } == 0)
            let records = try [KeyStretching.record(of: "correct horse"), KeyStretching.record(of: "correct horse")]
            #expect(records[0] != records[1] && records.allSatisfy { $0.hasPrefix("scrypt$32768$8$1$") && !$0.contains("horse") })
        }
    }

    @Test("ASVS-6.2.1 ASVS-6.2.5 ASVS-6.2.9 eight characters will do, sixty-four too, of any sort")
    func free() throws {
        for password in [
            "correct horse", "kwmpt-7q", "下雨天也要去看一看", "tango ivy 9 lamps", String(repeating: "lamp on the corner ", count: 4), "zebra&moss",
            "x7kq2mvp", "hanging garden", "Tr0ub4dor&3", "passwordless door", "九月的柿子树红了", "weiwang sees the lamp",
        ] { try Posts.checkPassword(password, account: "officer") }
        #expect(throws: SignInRefusal.passwordTooShort(least: 8)) { try Posts.checkPassword("kwmpt7q") }
        #expect(throws: SignInRefusal.passwordTooLong) { try Posts.checkPassword(String(repeating: "k7w", count: 100)) }
    }
}
