import Basics
import Foundation

/// What anybody would try first, told by rule rather than by a list: runs and repeats, walks over the keyboard, dates, and common words
/// with what people put around them; the names of the product and of the account.
enum CommonPasswords {
    /// Rows of the keyboard and its columns from top to bottom, and what is counted and spelled.
    private static let walks = [
        "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "abcdefghijklmnopqrstuvwxyz",
        "0123456789", "147258369", "159753", "789456123", "qazwsxedcrfvtgbyhnujmikolp", "zaqxswcdevfrbgtnhymjukilop",
        "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "5201314", "1314520", "7758521",
    ]
    /// What people choose in Chinese and in English; none is long enough alone, all are with something around them.
    private static let words: Set<String> = [
        "password", "passwort", "passwd", "pass", "admin", "administrator", "root", "user", "test", "guest", "login", "welcome", "hello",
        "secret", "letmein", "master", "super", "system", "server", "default", "changeme", "change", "temp", "demo", "office", "china",
        "zhongguo", "beijing", "shanghai", "henan", "zhengzhou", "woaini", "woaiwojia", "aini", "wodemima", "mima", "nihao", "wangge",
        "weiwang", "shequ", "jiedao", "wode", "baobao", "laogong", "laopo", "mama", "baba", "dragon", "monkey", "sunshine", "princess",
        "football", "iloveyou", "love", "abc", "abcd", "qwe", "asd", "zxc", "qaz", "wsx", "aaa", "xxx", "ok", "a", "q", "aa", "qq", "wx",
        "summer", "winter", "spring", "autumn", "monday", "sunday", "computer", "internet", "samsung", "iphone", "huawei", "xiaomi",
        "wechat", "weixin", "party", "dangyuan", "renmin", "gongchan", "microgrid", "grid", "district",
    ]
    /// Written for letters.
    private static let disguises: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s",
    ]

    static func contains(_ password: String, account: String = "") -> Bool {
        let plain = password.precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isWhitespace }
        let own = Posts.accountName(account)
        // What is left when the account's name, the walks and the years are taken away says nothing: few letters, or a common word.
        if isRepeated(plain) || isWalk(plain) { return true }
        let core = plain.filter { $0.isLetter || $0.isNumber }
        if own.count >= 2, core.contains(own), core.replacing(own, with: "").count <= 6 { return true }
        return [core, undisguised(plain)].contains { text in
            let bare = text.filter(\.isLetter)
            let rest = text.filter(\.isNumber)
            return (bare.isEmpty ? isDate(text) : words.contains(bare) || isRepeated(bare) && words.contains(period(bare)))
                && (rest.isEmpty || isUsual(rest))
        }
    }

    /// Numbers that people add: short ones, years, runs, a day.
    private static func isUsual(_ digits: String) -> Bool { digits.count <= 4 || isWalk(digits) || isRepeated(digits) || isDate(digits) }

    private static func undisguised(_ text: String) -> String {
        String(text.map { disguises[$0] ?? $0 }).filter { $0.isLetter || $0.isNumber }
    }

    /// One to four characters again and again.
    private static func isRepeated(_ text: String) -> Bool { text.count > 1 && period(text).count <= min(4, text.count / 2) }

    private static func period(_ text: String) -> String {
        let all = Array(text)
        for length in 1..<max(2, all.count) where (length..<all.count).allSatisfy({ all[$0] == all[$0 - length] }) {
            return String(all.prefix(length))
        }
        return text
    }

    /// Made of pieces of three and more characters, each forward or backward along one walk.
    private static func isWalk(_ text: String) -> Bool {
        let all = Array(text)
        var at = 0
        while at < all.count {
            let same = all[at...].prefix { $0 == all[at] }.count
            let longest = walks.flatMap { [$0, String($0.reversed())] }.map { along($0, all, from: at) }.reduce(same, max)
            guard longest >= 3 || longest == all.count - at else { return false }
            at += longest
        }
        return !all.isEmpty
    }

    private static func along(_ walk: String, _ text: [Character], from start: Int) -> Int {
        let keys = Array(walk)
        var best = 0
        for (index, key) in keys.enumerated() where key == text[start] {
            var length = 1
            while start + length < text.count, index + length < keys.count, keys[index + length] == text[start + length] { length += 1 }
            best = max(best, length)
        }
        return best
    }

    /// A day of our times, the year first or last, or a year and a month.
    private static func isDate(_ text: String) -> Bool {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), (6...8).contains(text.count), let number = Int(text) else { return false }
        func fits(_ year: Int, _ month: Int, _ day: Int) -> Bool {
            (1930...2040).contains(year) && (1...12).contains(month) && (1...31).contains(day)
        }
        if text.count == 8 {
            return fits(number / 10000, number / 100 % 100, number % 100) || fits(number % 10000, number / 1_000_000, number / 10000 % 100)
                || fits(number % 10000, number / 10000 % 100, number / 1_000_000)
        }
        let year = 1900 + number / 10000
        return text.count == 6
            && (fits(year, number / 100 % 100, number % 100) || fits(year + 100, number / 100 % 100, number % 100)
                || fits(number / 100, number % 100, 1))
    }
}
