//! [`Rule`]: what the sandbox does beyond routes and error codes.

use strum::{IntoStaticStr, VariantArray};

/// A rule that the sandbox goes by. The code that goes by one names it, and each has a row in the ledger.
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
}

impl Rule {
    /// Says in the trace that an answer rests on this rule, for those who look for what their test relies on.
    pub(crate) fn trace(self) {
        tracing::trace!(rule = <&str>::from(self), "went by");
    }
}
