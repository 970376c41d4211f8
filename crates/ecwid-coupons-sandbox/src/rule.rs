//! [`Rule`]: the behaviors of the sandbox besides its routes and error codes.

use strum::{IntoStaticStr, VariantArray};

/// A rule of the sandbox. The code that follows a rule names it, and each rule has a row in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Rule {
    TokensOpenOneStore,
    PublicTokensSeeNoCoupons,
    IdOrCode,
    DigitsAreAnIdFirst,
    PlusInAPathIsASpace,
    CodesInAnyCase,
    CodeFilterFindsWholeCodes,
    FiltersTakeLists,
    TimeBoundsAreInclusive,
    LimitIsAtMost100,
    OrderIsById,
    ResponseFieldsSelect,
    ResponsesAreCompressed,
    DatesAreInUtc,
    UnsetFieldsGetDefaults,
    NameAndCodeAreRequired,
    CodesAreShort,
    CouponsAreSmall,
    BodiesAreLimited,
    NestingIsLimited,
    FinishedBatchesAreDropped,
    BatchesWaitForRoom,
    SlowHeadsEndConnections,
    ActiveAndPausedCanBeSet,
    CouponsExpireByDate,
    NullClears,
    AmountsAreNotNegative,
    ShippingHasNoCatalogLimit,
    ReadOnlyFieldsAreIgnored,
    EmptyUpdatesChangeNothing,
    RepeatCustomerOnlyFollows,
    DeletingNothingSucceeds,
    RequestsAreLimited,
    CallingOnBlocksForLonger,
    BatchesCountAsOne,
    AmountsAreTakenOff,
    PercentsAreTakenOff,
    ShippingCouponsFreeShipping,
    DiscountsAreRoundedToCents,
    TotalLimitIsOfTheSubtotal,
    ProductsOrCategoriesAreEnough,
    ShippingLimitIsOfTheWholeCoupon,
    CustomersAreKnownByEmail,
    UsesAreCounted,
    SingleCouponsAreUsedUp,
    DeletionsAreRememberedForSixMonths,
    WebhooksTellOfCoupons,
    WebhooksAreSigned,
    UsesTellNothing,
    WebhooksAreTaken,
    WebhooksAreSentAgain,
    FaultsComeOnDemand,
    TimeIsOfTheClock,
    OnlyNamesOfThisMachine,
    ControlIsForThisMachine,
    SeedsAreTheSame,
    BatchesHoldUpTo500,
    BatchesStopAtAFailure,
    BatchesRunInParallel,
    BatchesAreDeduplicated,
    BatchItemsAreSentAgain,
    BatchesAreListedByStatus,
    BatchStatusNeedsEscapedJson,
    BatchItemsNeedTheirScopes,
    BatchesCanBeRefused,
    BatchItemsCanBeCounted,
    BatchResponsesCanBeShuffled,
    BatchesWaitForOtherApps,
}

impl Rule {
    /// Logs at the level `trace` that a response depends on this rule.
    pub(crate) fn trace(self) {
        tracing::trace!(rule = <&str>::from(self), "rule applied");
    }
}
