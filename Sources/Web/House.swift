import Basics
import Foundation
import Hummingbird
import Logging

/// What the pages stand on: the engines, the words, the templates, the settings.
package struct House: Sendable {
    package let settings: WebSettings
    package let time: TimeSource
    package let wording: Wording
    package let templates: Templates
    package let assets: Assets
    package let zone: TimeZone
    let cookies: CookieNames
    let limits = RateLimits()
    /// Who holds this session token, if it is good.
    package var session: @Sendable (String) async throws -> ReaderSession? = { _ in nil }

    package init(settings: WebSettings, time: TimeSource, wording: Wording, templates: Templates, assets: Assets, zone: TimeZone) {
        self.settings = settings
        self.time = time
        self.wording = wording
        self.templates = templates
        self.assets = assets
        self.zone = zone
        cookies = CookieNames(https: settings.https)
    }
}

package struct WebSettings: Sendable {
    /// Without a slash at its end: `http://localhost:8080`.
    package var publicURL: String
    /// Folder for uploads that are still being read.
    package var scratch: String
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: Set<String> = []
    /// Name shown in the head of public pages.
    package var district: String?
    /// Number of the review of public maps (审图号), phone of supervision.
    package var mapReview: String?
    package var supervisionPhone: String?

    package init(publicURL: String, scratch: String) {
        self.publicURL = publicURL
        self.scratch = scratch
    }

    package var https: Bool { publicURL.hasPrefix("https://") }
}

/// Rate limits by peer address.
struct RateLimits: Sendable {
    let signIn = Buckets(size: 10, refill: .minutes(5))
    let report = Buckets(size: 20, refill: .minutes(10))
    let find = Buckets(size: 20, refill: .minutes(10))
    let photo = Buckets(size: 60, refill: .minutes(10))
    let draft = Buckets(size: 60, refill: .minutes(10))
}

/// Who is signed in, as far as a page needs it.
package struct ReaderSession: Sendable {
    package var person: UUIDv7
    package var name: String
    package var csrf: String
    package var language: Language?
    /// What this person's posts open.
    package var opens: Set<Need>

    package init(person: UUIDv7, name: String, csrf: String, language: Language?, opens: Set<Need>) {
        self.person = person
        self.name = name
        self.csrf = csrf
        self.language = language
        self.opens = opens
    }
}
