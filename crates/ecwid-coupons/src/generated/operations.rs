// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! Request builders for the operations of the API. [`Client::api`](crate::Client::api) returns them.
use crate::progenitor_client::{ClientHooks, Inner};
#[derive(Clone, Debug)]
/// The operations of the API. Most callers use the methods of [`crate::Client`] instead.
pub struct Operations {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) transport: Inner,
}
impl Operations {
    pub(crate) fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        transport: Inner,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            transport,
        }
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Operations: ClientHooks<Inner>,
    {}
};
impl Operations {
    /// Search discount coupons.
    ///
    /// Returns one page of the coupons that match all given filters. Without filters, all coupons of the store match.
    ///
    /// Sends `GET /{storeId}/discount_coupons`. It requires the access scope `read_discount_coupons`.
    pub fn search_discount_coupons(&self) -> builder::SearchDiscountCoupons<'_> {
        builder::SearchDiscountCoupons::new(self)
    }
    /// Create a discount coupon.
    ///
    /// Creates a coupon. If another coupon of the store has the same code, the response has status 409.
    ///
    /// Sends `POST /{storeId}/discount_coupons`. It requires the access scope `create_discount_coupons`.
    pub fn create_discount_coupon(&self) -> builder::CreateDiscountCoupon<'_> {
        builder::CreateDiscountCoupon::new(self)
    }
    /// Get a discount coupon.
    ///
    /// Returns the coupon with this id or code. If there is no such coupon, the response has status 404.
    ///
    /// Sends `GET /{storeId}/discount_coupons/{discountCouponId}`. It requires the access scope `read_discount_coupons`.
    pub fn get_discount_coupon(&self) -> builder::GetDiscountCoupon<'_> {
        builder::GetDiscountCoupon::new(self)
    }
    /// Update a discount coupon.
    ///
    /// Changes the fields in the request body. All other fields keep their values.
    ///
    /// Sends `PUT /{storeId}/discount_coupons/{discountCouponId}`. It requires the access scope `update_discount_coupons`.
    pub fn update_discount_coupon(&self) -> builder::UpdateDiscountCoupon<'_> {
        builder::UpdateDiscountCoupon::new(self)
    }
    /// Delete a discount coupon.
    ///
    /// Deletes the coupon with this id or code. If there is no such coupon, the request succeeds and `deleteCount` is 0.
    ///
    /// Sends `DELETE /{storeId}/discount_coupons/{discountCouponId}`. It requires the access scope `update_discount_coupons`.
    pub fn delete_discount_coupon(&self) -> builder::DeleteDiscountCoupon<'_> {
        builder::DeleteDiscountCoupon::new(self)
    }
    /// List deleted discount coupons.
    ///
    /// Returns one page of the ids of deleted coupons and the times of their deletion. Ecwid keeps them for six months.
    ///
    /// Sends `GET /{storeId}/discount_coupons/deleted`. It requires the access scope `read_store_profile`, `read_discount_coupons`.
    pub fn get_deleted_items_history(&self) -> builder::GetDeletedItemsHistory<'_> {
        builder::GetDeletedItemsHistory::new(self)
    }
    /// Get the times of the latest changes in a store.
    ///
    /// Returns when the coupons and other parts of the store last changed.
    ///
    /// Sends `GET /{storeId}/latest-stats`. It requires the access scope `read_store_profile`.
    pub fn get_latest_store_update_stats(
        &self,
    ) -> builder::GetLatestStoreUpdateStats<'_> {
        builder::GetLatestStoreUpdateStats::new(self)
    }
    /// Get the status of a batch request.
    ///
    /// Returns the progress of a batch and, with `escapedJson`, the responses to its requests.
    ///
    /// Sends `GET /{storeId}/batch`. It requires no access scope of its own.
    pub fn get_batch_status(&self) -> builder::GetBatchStatus<'_> {
        builder::GetBatchStatus::new(self)
    }
    /// Create a batch request.
    ///
    /// Sends up to 500 requests as one batch. The response has a ticket, which identifies the batch in later requests for its status. The token needs the access scopes of all requests in the batch.
    ///
    /// Sends `POST /{storeId}/batch`. It requires no access scope of its own.
    pub fn create_batch_request(&self) -> builder::CreateBatchRequest<'_> {
        builder::CreateBatchRequest::new(self)
    }
}
#[allow(clippy::all)]
/// The request builders of the operations.
pub mod builder {
    use crate::progenitor_client::{ClientHooks, OperationInfo, encode_path};
    use crate::{Error, ResponseValue};
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::search_discount_coupons`](super::Operations::search_discount_coupons).
    pub struct SearchDiscountCoupons<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        availability: Result<
            Option<crate::CommaList<crate::types::CouponStatus>>,
            String,
        >,
        code: Result<Option<::std::string::String>, String>,
        created_from: Result<Option<crate::TimeFilter>, String>,
        created_to: Result<Option<crate::TimeFilter>, String>,
        discount_type: Result<
            Option<crate::CommaList<crate::types::DiscountType>>,
            String,
        >,
        limit: Result<Option<i32>, String>,
        offset: Result<Option<i64>, String>,
        response_fields: Result<Option<crate::ResponseFields>, String>,
        updated_from: Result<Option<crate::TimeFilter>, String>,
        updated_to: Result<Option<crate::TimeFilter>, String>,
    }
    impl<'a> SearchDiscountCoupons<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                availability: Ok(None),
                code: Ok(None),
                created_from: Ok(None),
                created_to: Ok(None),
                discount_type: Ok(None),
                limit: Ok(None),
                offset: Ok(None),
                response_fields: Ok(None),
                updated_from: Ok(None),
                updated_to: Ok(None),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// Matches coupons with one of these statuses, as a comma-separated list.
        pub fn availability<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::CommaList<crate::types::CouponStatus>>,
            V::Error: std::fmt::Display,
        {
            self.availability = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("availability: {reason}"));
            self
        }
        /// Matches coupons with this code.
        pub fn code<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
            V::Error: std::fmt::Display,
        {
            self.code = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("code: {reason}"));
            self
        }
        /// Matches coupons created at this time or later. A date without a time means 00:00:00 UTC of that day.
        pub fn created_from<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.created_from = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("created_from: {reason}"));
            self
        }
        /// Matches coupons created at this time or earlier. A date without a time means 23:59:59 UTC of that day.
        pub fn created_to<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.created_to = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("created_to: {reason}"));
            self
        }
        /// Matches coupons with one of these discount types, as a comma-separated list.
        pub fn discount_type<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::CommaList<crate::types::DiscountType>>,
            V::Error: std::fmt::Display,
        {
            self.discount_type = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("discount_type: {reason}"));
            self
        }
        /// The maximum number of coupons on a page, at most 100.
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
            V::Error: std::fmt::Display,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("limit: {reason}"));
            self
        }
        /// The number of matching coupons to skip before the first one on the page.
        pub fn offset<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.offset = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("offset: {reason}"));
            self
        }
        /// The fields to return, such as `total,items(id,name,status)`. Defaults to all fields.
        pub fn response_fields<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::ResponseFields>,
            V::Error: std::fmt::Display,
        {
            self.response_fields = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("response_fields: {reason}"));
            self
        }
        /// Matches coupons last updated at this time or later. A date without a time means 00:00:00 UTC of that day.
        pub fn updated_from<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.updated_from = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("updated_from: {reason}"));
            self
        }
        /// Matches coupons last updated at this time or earlier. A date without a time means 23:59:59 UTC of that day.
        pub fn updated_to<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.updated_to = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("updated_to: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::CouponPage>, Error> {
            let Self {
                client,
                store_id,
                availability,
                code,
                created_from,
                created_to,
                discount_type,
                limit,
                offset,
                response_fields,
                updated_from,
                updated_to,
            } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let availability = availability
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let code = code
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let created_from = created_from
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let created_to = created_to
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let discount_type = discount_type
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let limit = limit
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let offset = offset
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let response_fields = response_fields
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let updated_from = updated_from
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let updated_to = updated_to
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("search_discount_coupons")
                })?;
            let url = format!(
                "{}/{}/discount_coupons", client.baseurl, encode_path(& store_id
                .to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new("availability", &availability),
                )
                .query(&crate::progenitor_client::QueryParam::new("code", &code))
                .query(&crate::progenitor_client::QueryParam::new("createdFrom", &created_from))
                .query(&crate::progenitor_client::QueryParam::new("createdTo", &created_to))
                .query(
                    &crate::progenitor_client::QueryParam::new("discount_type", &discount_type),
                )
                .query(&crate::progenitor_client::QueryParam::new("limit", &limit))
                .query(&crate::progenitor_client::QueryParam::new("offset", &offset))
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "responseFields",
                        &response_fields,
                    ),
                )
                .query(&crate::progenitor_client::QueryParam::new("updatedFrom", &updated_from))
                .query(&crate::progenitor_client::QueryParam::new("updatedTo", &updated_to))
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("search_discount_coupons")
                })?;
            let info = OperationInfo {
                operation_id: "search_discount_coupons",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::create_discount_coupon`](super::Operations::create_discount_coupon).
    pub struct CreateDiscountCoupon<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        body: Result<crate::types::NewCoupon, String>,
    }
    impl<'a> CreateDiscountCoupon<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                body: Err("body was not initialized".to_string()),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// A coupon to create. Absent fields get the defaults of the store.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::NewCoupon>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::CreatedCoupon>, Error> {
            let Self { client, store_id, body } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("create_discount_coupon")
                })?;
            let body = body
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("create_discount_coupon")
                })?;
            let url = format!(
                "{}/{}/discount_coupons", client.baseurl, encode_path(& store_id
                .to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("create_discount_coupon")
                })?;
            let info = OperationInfo {
                operation_id: "create_discount_coupon",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::get_discount_coupon`](super::Operations::get_discount_coupon).
    pub struct GetDiscountCoupon<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        discount_coupon_id: Result<crate::CouponRef, String>,
        response_fields: Result<Option<crate::ResponseFields>, String>,
    }
    impl<'a> GetDiscountCoupon<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                discount_coupon_id: Err(
                    "discount_coupon_id was not initialized".to_string(),
                ),
                response_fields: Ok(None),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// The id or the code of the coupon.
        pub fn discount_coupon_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::CouponRef>,
            V::Error: std::fmt::Display,
        {
            self.discount_coupon_id = value
                .try_into()
                .map_err(|reason| format!("discount_coupon_id: {reason}"));
            self
        }
        /// The fields to return, such as `id,name,status`. Defaults to all fields.
        pub fn response_fields<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::ResponseFields>,
            V::Error: std::fmt::Display,
        {
            self.response_fields = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("response_fields: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(self) -> Result<ResponseValue<crate::types::Coupon>, Error> {
            let Self { client, store_id, discount_coupon_id, response_fields } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_discount_coupon")
                })?;
            let discount_coupon_id = discount_coupon_id
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_discount_coupon")
                })?;
            let response_fields = response_fields
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_discount_coupon")
                })?;
            let url = format!(
                "{}/{}/discount_coupons/{}", client.baseurl, encode_path(& store_id
                .to_string()), encode_path(& discount_coupon_id.to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "responseFields",
                        &response_fields,
                    ),
                )
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("get_discount_coupon")
                })?;
            let info = OperationInfo {
                operation_id: "get_discount_coupon",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::update_discount_coupon`](super::Operations::update_discount_coupon).
    pub struct UpdateDiscountCoupon<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        discount_coupon_id: Result<crate::CouponRef, String>,
        body: Result<crate::types::CouponUpdate, String>,
    }
    impl<'a> UpdateDiscountCoupon<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                discount_coupon_id: Err(
                    "discount_coupon_id was not initialized".to_string(),
                ),
                body: Err("body was not initialized".to_string()),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// The id or the code of the coupon.
        pub fn discount_coupon_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::CouponRef>,
            V::Error: std::fmt::Display,
        {
            self.discount_coupon_id = value
                .try_into()
                .map_err(|reason| format!("discount_coupon_id: {reason}"));
            self
        }
        /// A partial update of a coupon. An absent field keeps its value, null clears it, and a value sets it.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::CouponUpdate>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::UpdateResult>, Error> {
            let Self { client, store_id, discount_coupon_id, body } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("update_discount_coupon")
                })?;
            let discount_coupon_id = discount_coupon_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("update_discount_coupon")
                })?;
            let body = body
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("update_discount_coupon")
                })?;
            let url = format!(
                "{}/{}/discount_coupons/{}", client.baseurl, encode_path(& store_id
                .to_string()), encode_path(& discount_coupon_id.to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .put(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("update_discount_coupon")
                })?;
            let info = OperationInfo {
                operation_id: "update_discount_coupon",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::delete_discount_coupon`](super::Operations::delete_discount_coupon).
    pub struct DeleteDiscountCoupon<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        discount_coupon_id: Result<crate::CouponRef, String>,
    }
    impl<'a> DeleteDiscountCoupon<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                discount_coupon_id: Err(
                    "discount_coupon_id was not initialized".to_string(),
                ),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// The id or the code of the coupon.
        pub fn discount_coupon_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::CouponRef>,
            V::Error: std::fmt::Display,
        {
            self.discount_coupon_id = value
                .try_into()
                .map_err(|reason| format!("discount_coupon_id: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::DeleteResult>, Error> {
            let Self { client, store_id, discount_coupon_id } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("delete_discount_coupon")
                })?;
            let discount_coupon_id = discount_coupon_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("delete_discount_coupon")
                })?;
            let url = format!(
                "{}/{}/discount_coupons/{}", client.baseurl, encode_path(& store_id
                .to_string()), encode_path(& discount_coupon_id.to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("delete_discount_coupon")
                })?;
            let info = OperationInfo {
                operation_id: "delete_discount_coupon",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::get_deleted_items_history`](super::Operations::get_deleted_items_history).
    pub struct GetDeletedItemsHistory<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        from_date: Result<Option<crate::TimeFilter>, String>,
        limit: Result<Option<i32>, String>,
        offset: Result<Option<i64>, String>,
        to_date: Result<Option<crate::TimeFilter>, String>,
    }
    impl<'a> GetDeletedItemsHistory<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                from_date: Ok(None),
                limit: Ok(None),
                offset: Ok(None),
                to_date: Ok(None),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// Matches coupons deleted at this time or later. A date without a time means 00:00:00 UTC of that day.
        pub fn from_date<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.from_date = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("from_date: {reason}"));
            self
        }
        /// The maximum number of deletions on a page, at most 100.
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
            V::Error: std::fmt::Display,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("limit: {reason}"));
            self
        }
        /// The number of matching deletions to skip before the first one on the page.
        pub fn offset<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.offset = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("offset: {reason}"));
            self
        }
        /// Matches coupons deleted at this time or earlier.
        pub fn to_date<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::TimeFilter>,
            V::Error: std::fmt::Display,
        {
            self.to_date = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("to_date: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::DeletedCouponPage>, Error> {
            let Self { client, store_id, from_date, limit, offset, to_date } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_deleted_items_history")
                })?;
            let from_date = from_date
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_deleted_items_history")
                })?;
            let limit = limit
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_deleted_items_history")
                })?;
            let offset = offset
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_deleted_items_history")
                })?;
            let to_date = to_date
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_deleted_items_history")
                })?;
            let url = format!(
                "{}/{}/discount_coupons/deleted", client.baseurl, encode_path(& store_id
                .to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&crate::progenitor_client::QueryParam::new("from_date", &from_date))
                .query(&crate::progenitor_client::QueryParam::new("limit", &limit))
                .query(&crate::progenitor_client::QueryParam::new("offset", &offset))
                .query(&crate::progenitor_client::QueryParam::new("to_date", &to_date))
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("get_deleted_items_history")
                })?;
            let info = OperationInfo {
                operation_id: "get_deleted_items_history",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::get_latest_store_update_stats`](super::Operations::get_latest_store_update_stats).
    pub struct GetLatestStoreUpdateStats<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        category_count_required: Result<Option<bool>, String>,
        domains_required: Result<Option<bool>, String>,
        product_count_required: Result<Option<bool>, String>,
        reviews_updates_required: Result<Option<bool>, String>,
        subscription_required: Result<Option<bool>, String>,
    }
    impl<'a> GetLatestStoreUpdateStats<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                category_count_required: Ok(None),
                domains_required: Ok(None),
                product_count_required: Ok(None),
                reviews_updates_required: Ok(None),
                subscription_required: Ok(None),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// Whether to return the number of categories.
        pub fn category_count_required<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.category_count_required = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("category_count_required: {reason}"));
            self
        }
        /// Whether to return the time of the latest change of the store's domains.
        pub fn domains_required<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.domains_required = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("domains_required: {reason}"));
            self
        }
        /// Whether to return the number of products.
        pub fn product_count_required<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.product_count_required = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("product_count_required: {reason}"));
            self
        }
        /// Whether to return the time of the latest change of the product reviews.
        pub fn reviews_updates_required<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.reviews_updates_required = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("reviews_updates_required: {reason}"));
            self
        }
        /// Whether to return the time of the latest change of the subscriptions.
        pub fn subscription_required<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.subscription_required = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("subscription_required: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::LatestStats>, Error> {
            let Self {
                client,
                store_id,
                category_count_required,
                domains_required,
                product_count_required,
                reviews_updates_required,
                subscription_required,
            } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let category_count_required = category_count_required
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let domains_required = domains_required
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let product_count_required = product_count_required
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let reviews_updates_required = reviews_updates_required
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let subscription_required = subscription_required
                .map_err(|reason| {
                    Error::invalid_request(reason)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let url = format!(
                "{}/{}/latest-stats", client.baseurl, encode_path(& store_id
                .to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "categoryCountRequired",
                        &category_count_required,
                    ),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "domainsRequired",
                        &domains_required,
                    ),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "productCountRequired",
                        &product_count_required,
                    ),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "reviewsUpdatesRequired",
                        &reviews_updates_required,
                    ),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "subscriptionRequired",
                        &subscription_required,
                    ),
                )
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("get_latest_store_update_stats")
                })?;
            let info = OperationInfo {
                operation_id: "get_latest_store_update_stats",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::get_batch_status`](super::Operations::get_batch_status).
    pub struct GetBatchStatus<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        escaped_json: Result<Option<bool>, String>,
        ticket: Result<::std::string::String, String>,
    }
    impl<'a> GetBatchStatus<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                escaped_json: Ok(None),
                ticket: Err("ticket was not initialized".to_string()),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// Whether to return the responses to the requests of the batch, as JSON text in `escapedHttpBody`.
        pub fn escaped_json<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.escaped_json = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("escaped_json: {reason}"));
            self
        }
        /// The ticket of the batch. The documentation page calls it `ticketId` in its table, and `ticket` in its URL and examples.
        pub fn ticket<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
            V::Error: std::fmt::Display,
        {
            self.ticket = value.try_into().map_err(|reason| format!("ticket: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::BatchStatus>, Error> {
            let Self { client, store_id, escaped_json, ticket } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_batch_status")
                })?;
            let escaped_json = escaped_json
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_batch_status")
                })?;
            let ticket = ticket
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("get_batch_status")
                })?;
            let url = format!(
                "{}/{}/batch", client.baseurl, encode_path(& store_id.to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&crate::progenitor_client::QueryParam::new("escapedJson", &escaped_json))
                .query(&crate::progenitor_client::QueryParam::new("ticket", &ticket))
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error).with_operation("get_batch_status")
                })?;
            let info = OperationInfo {
                operation_id: "get_batch_status",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
    #[derive(Debug, Clone)]
    /// The request builder of [`Operations::create_batch_request`](super::Operations::create_batch_request).
    pub struct CreateBatchRequest<'a> {
        client: &'a super::Operations,
        store_id: Result<i64, String>,
        allow_parallel_mode: Result<Option<bool>, String>,
        deduplication_key: Result<Option<::std::string::String>, String>,
        group_id: Result<Option<::std::string::String>, String>,
        stop_on_first_failure: Result<Option<bool>, String>,
        body: Result<Vec<crate::types::BatchRequestItem>, String>,
    }
    impl<'a> CreateBatchRequest<'a> {
        pub(crate) fn new(client: &'a super::Operations) -> Self {
            Self {
                client: client,
                store_id: Ok(client.transport.store_id()),
                allow_parallel_mode: Ok(None),
                deduplication_key: Ok(None),
                group_id: Ok(None),
                stop_on_first_failure: Ok(None),
                body: Err("body was not initialized".to_string()),
            }
        }
        /// The id of the store.
        pub fn store_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
            V::Error: std::fmt::Display,
        {
            self.store_id = value
                .try_into()
                .map_err(|reason| format!("store_id: {reason}"));
            self
        }
        /// Whether up to 100 of the requests run at the same time. By default, they run one after the other.
        pub fn allow_parallel_mode<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.allow_parallel_mode = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("allow_parallel_mode: {reason}"));
            self
        }
        /// A UUID. If a batch with the same key was sent within the last hour, its ticket is returned and no request runs again.
        pub fn deduplication_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
            V::Error: std::fmt::Display,
        {
            self.deduplication_key = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("deduplication_key: {reason}"));
            self
        }
        /// An id of your choice for a group of batches, so that the group can be canceled.
        pub fn group_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
            V::Error: std::fmt::Display,
        {
            self.group_id = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("group_id: {reason}"));
            self
        }
        /// Whether the batch stops after the first request that fails. If `false`, the remaining requests still run.
        pub fn stop_on_first_failure<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
            V::Error: std::fmt::Display,
        {
            self.stop_on_first_failure = value
                .try_into()
                .map(Some)
                .map_err(|reason| format!("stop_on_first_failure: {reason}"));
            self
        }
        /// The requests of a batch, at most 500.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<Vec<crate::types::BatchRequestItem>>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// Returns an error if a value of the request is invalid. See [`Error`] for errors common to all calls.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<crate::types::BatchTicket>, Error> {
            let Self {
                client,
                store_id,
                allow_parallel_mode,
                deduplication_key,
                group_id,
                stop_on_first_failure,
                body,
            } = self;
            let store_id = store_id
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let allow_parallel_mode = allow_parallel_mode
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let deduplication_key = deduplication_key
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let group_id = group_id
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let stop_on_first_failure = stop_on_first_failure
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let body = body
                .map_err(|reason| {
                    Error::invalid_request(reason).with_operation("create_batch_request")
                })?;
            let url = format!(
                "{}/{}/batch", client.baseurl, encode_path(& store_id.to_string()),
            );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "allowParallelMode",
                        &allow_parallel_mode,
                    ),
                )
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "deduplicationKey",
                        &deduplication_key,
                    ),
                )
                .query(&crate::progenitor_client::QueryParam::new("groupId", &group_id))
                .query(
                    &crate::progenitor_client::QueryParam::new(
                        "stopOnFirstFailure",
                        &stop_on_first_failure,
                    ),
                )
                .build()
                .map_err(|error| {
                    Error::invalid_http_request(error)
                        .with_operation("create_batch_request")
                })?;
            let info = OperationInfo {
                operation_id: "create_batch_request",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            ResponseValue::from_response(response)
        }
    }
}
