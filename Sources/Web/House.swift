import Basics
import Catalog
import Grids
import Ledger
import Matters
import Foundation
import Insight
import Posts
import Store

/// What the pages stand on: the engines, the words, the templates, the settings.
package struct House: Sendable {
    package let settings: WebSettings
    package let time: TimeSource
    package let database: Database
    package let live: LiveCatalog
    package let posts: Posts
    package let grids: Grids
    package let ledger: Ledger
    package let matters: Matters
    package let board: Board
    /// The days that are looked back at.
    let replays: Replays
    /// The followers that this process runs, for `/health`; nil where none run.
    package let followers: Followers?
    package let wording: Wording
    package let templates: Templates
    package let assets: Assets
    /// Libraries of others for the browser; nothing where set-up has not fetched them.
    let vendor: Assets
    let cookies: CookieNames
    let limits: RateLimits
    /// What the journal's chain was found to be.
    let chain = ChainWatch()
    let open311 = Open311Memory()
    package let admission: Admission
    let crowded: CrowdedAnswer
    let presence = Presence()
    let papers: Papers
    /// What the pages of the staff hear at once; a follower of this node.
    package let feed: Feed

    /// - Parameter home: the folder with `templates/` and `assets/`.
    /// - Throws: `Templates.Missing` when a template names a sentence that is not there.
    package init(
        home: String, settings: WebSettings, time: TimeSource = .system, database: Database, matters: Matters, board: Board,
        followers: Followers? = nil, feed: Feed? = nil, admission: Admission = Admission()
    ) throws {
        let catalog = matters.catalog
        self.feed = feed ?? Feed(matters: matters, time: time)
        self.settings = settings
        limits = RateLimits(mostMissing: settings.mostMissing, mostReports: settings.mostReports)
        self.time = time
        self.database = database
        live = catalog
        posts = matters.posts
        grids = matters.grids
        ledger = matters.ledger
        self.matters = matters
        self.board = board
        replays = Replays(board: board, matters: matters)
        self.followers = followers
        self.admission = admission
        wording = Wording { key, language, values in catalog.current.strings.find(key, language, values) }
        templates = try Templates(folder: home + "/templates", wording: wording)
        assets = try Assets(folder: home + "/assets")
        vendor = try MapLibrary.read(home: home)
        papers = Papers(home: home, scratch: database.files.folder + "/incoming")
        cookies = CookieNames(https: settings.https)
        crowded = try CrowdedAnswer(templates, wording, https: settings.https)
    }

    var catalog: Catalog { live.current }
    var zone: TimeZone { catalog.platform.zone }
    /// Uploads that are still being read.
    var scratch: String { database.files.folder + "/incoming" }
}

package struct WebSettings: Sendable {
    /// Without a slash at its end: `http://localhost:8080`.
    package let publicURL: String
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: Set<String>
    /// For tests: every answer says in `X-Statements` how many statements it took, and in `X-Asked` which fields it looked for.
    package var countsStatements = false
    /// Where what an answer asked of the database is gathered, beside the count.
    package var statementTexts: StatementTexts?
    /// How many things that are not there one sender may ask for in ten minutes, before it is taken for somebody who goes through them all.
    package var mostMissing = 100
    /// Reports and acts by a private link from one address in ten minutes.
    package var mostReports = 60

    package init(publicURL: String, trustedProxies: Set<String> = []) {
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.trustedProxies = trustedProxies
    }

    package var https: Bool { publicURL.hasPrefix("https://") }
}

/// Rate limits by peer address, or by who is signed in.
struct RateLimits: Sendable {
    let signIn = Buckets(size: 20, refill: .minutes(5))
    let report: Buckets
    let find = Buckets(size: 20, refill: .minutes(10))
    /// Tries at the query codes of one number, from wherever they come.
    let code = Buckets(size: 30, refill: .hours(1))
    let photo = Buckets(size: 60, refill: .minutes(10))
    let paper = Buckets(size: 20, refill: .minutes(10))
    let missing: Buckets
    /// Refusals that are written into the journal, of one person; all are in the log.
    let noted = Buckets(size: 30, refill: .minutes(10))

    init(mostMissing: Int, mostReports: Int) {
        missing = Buckets(size: mostMissing, refill: .minutes(10))
        report = Buckets(size: mostReports, refill: .minutes(10))
    }
}
