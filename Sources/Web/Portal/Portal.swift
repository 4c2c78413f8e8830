import Basics
import Hummingbird

/// What a resident sees and does; no account, no typed field.
enum Portal {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.home, needs: .anyone, HomePage.show)
        routes.route(.get, Paths.grid, needs: .anyone, GridPage.show)
        routes.route(.get, Paths.card, needs: .anyone, CardPage.show)
        routes.route(.get, Paths.cards, needs: .anyone, CardPage.showAll)
        routes.route(.get, Paths.cardPDF, needs: .anyone, CardPage.pdf)
        routes.route(.get, Paths.cardsPDF, needs: .account, CardPage.allPDF)
        routes.route(.get, Paths.report, needs: .anyone, ReportPage.show)
        routes.route(.post, Paths.report, needs: .anyone, limits: .photos, ReportPage.send)
        routes.route(.get, Paths.draft, needs: .anyone, ReportPage.draft)
        routes.route(.get, Paths.nearby, needs: .anyone, ReportPage.nearby)
        routes.route(.get, Paths.mapPicture, needs: .anyone, MapSVG.show)
        routes.route(.get, Paths.photo, needs: .anyone, PhotoFile.show)
        routes.route(.get, Paths.find, needs: .anyone, FindPage.show)
        routes.route(.post, Paths.find, needs: .anyone, FindPage.go)
        routes.route(.get, Paths.progress, needs: .link, ProgressPage.show)
        routes.route(.get, Paths.receipt, needs: .link, ReceiptPage.show)
        routes.route(.post, Paths.linkAct, needs: .link, LinkActs.act)
        routes.route(.post, Paths.linkPhoto, needs: .link, limits: .photos, LinkPhotos.take)
        routes.route(.get, Paths.linkFile, needs: .link, LinkPhotos.show)
    }
}
