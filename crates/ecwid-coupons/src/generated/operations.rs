// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

//! The API's operations, as builders: what [`Client::api`](crate::Client::api) gives.
use crate::progenitor_client::{ClientHooks, Inner};
#[derive(Clone, Debug)]
/// The API's operations over one transport. [`crate::Client`] is the client to use.
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
    /// One page of the coupons that match every filter given; all of the store's coupons without a filter.
    ///
    /// Sends `GET /{storeId}/discount_coupons`. It needs the access scope `read_discount_coupons`.
    pub fn search_discount_coupons(&self) -> builder::SearchDiscountCoupons<'_> {
        builder::SearchDiscountCoupons::new(self)
    }
    /// Create a discount coupon.
    ///
    /// Creates one coupon. A code that another coupon of the store has is answered with 409.
    ///
    /// Sends `POST /{storeId}/discount_coupons`. It needs the access scope `create_discount_coupons`.
    pub fn create_discount_coupon(&self) -> builder::CreateDiscountCoupon<'_> {
        builder::CreateDiscountCoupon::new(self)
    }
    /// Get a discount coupon.
    ///
    /// One coupon, by its id or its code. A coupon that is not there is answered with 404.
    ///
    /// Sends `GET /{storeId}/discount_coupons/{discountCouponId}`. It needs the access scope `read_discount_coupons`.
    pub fn get_discount_coupon(&self) -> builder::GetDiscountCoupon<'_> {
        builder::GetDiscountCoupon::new(self)
    }
    /// Update a discount coupon.
    ///
    /// Changes the fields that are sent and keeps all others.
    ///
    /// Sends `PUT /{storeId}/discount_coupons/{discountCouponId}`. It needs the access scope `update_discount_coupons`.
    pub fn update_discount_coupon(&self) -> builder::UpdateDiscountCoupon<'_> {
        builder::UpdateDiscountCoupon::new(self)
    }
    /// Delete a discount coupon.
    ///
    /// Deletes one coupon. A coupon that is not there is no error, `deleteCount` is 0 then.
    ///
    /// Sends `DELETE /{storeId}/discount_coupons/{discountCouponId}`. It needs the access scope `update_discount_coupons`.
    pub fn delete_discount_coupon(&self) -> builder::DeleteDiscountCoupon<'_> {
        builder::DeleteDiscountCoupon::new(self)
    }
    /// Get the status of a batch request.
    ///
    /// How far a batch is and, with `escapedJson`, what each of its requests was answered.
    ///
    /// Sends `GET /{storeId}/batch`. It needs no access scope of its own.
    pub fn get_batch_status(&self) -> builder::GetBatchStatus<'_> {
        builder::GetBatchStatus::new(self)
    }
    /// Create a batch request.
    ///
    /// Sends up to 500 requests as one and answers a ticket to ask for their state. The token needs every scope that the requests inside need.
    ///
    /// Sends `POST /{storeId}/batch`. It needs no access scope of its own.
    pub fn create_batch_request(&self) -> builder::CreateBatchRequest<'_> {
        builder::CreateBatchRequest::new(self)
    }
}
#[allow(clippy::all)]
/// The builders of the operations' requests.
pub mod builder {
    use crate::progenitor_client::{ClientHooks, OperationInfo, encode_path};
    use crate::{Error, ResponseValue};
    #[derive(Debug, Clone)]
    /// The builder of [`Operations::search_discount_coupons`](super::Operations::search_discount_coupons).
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
        /// Only coupons whose `status` is one of these, as a comma-separated list.
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
        /// Only coupons with this code.
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
        /// Only coupons created at this time or later. A date without a time is its first second, 00:00:00 UTC.
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
        /// Only coupons created at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
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
        /// Only coupons of these discount types, as a comma-separated list.
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
        /// The most coupons to answer in one page, 100 at most.
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
        /// How many found coupons to skip before the first one answered.
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
        /// The fields to answer, such as `total,items(id,name,status)`; all of them when left out.
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
        /// Only coupons last updated at this time or later. A date without a time is its first second, 00:00:00 UTC.
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
        /// Only coupons last updated at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
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
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::create_discount_coupon`](super::Operations::create_discount_coupon).
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
        /// A coupon to create. Fields left out get the store's defaults.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::NewCoupon>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::get_discount_coupon`](super::Operations::get_discount_coupon).
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
        /// The coupon, by its id or its code.
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
        /// The fields to answer, such as `id,name,status`; all of them when left out.
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
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::update_discount_coupon`](super::Operations::update_discount_coupon).
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
        /// The coupon, by its id or its code.
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
        /// A partial update. A field left out keeps its value, null clears it, a value sets it.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::CouponUpdate>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::delete_discount_coupon`](super::Operations::delete_discount_coupon).
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
        /// The coupon, by its id or its code.
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
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::get_batch_status`](super::Operations::get_batch_status).
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
        /// Answer what each request was answered, as JSON text in `escapedHttpBody`.
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
        /// The ticket of the batch. The page's table calls it `ticketId`, its URL and examples `ticket`.
        pub fn ticket<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
            V::Error: std::fmt::Display,
        {
            self.ticket = value.try_into().map_err(|reason| format!("ticket: {reason}"));
            self
        }
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
    /// The builder of [`Operations::create_batch_request`](super::Operations::create_batch_request).
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
        /// Run up to 100 of the requests at once instead of one after the other.
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
        /// A UUID; the same key within an hour answers the first ticket and runs nothing again.
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
        /// A group of your own that the batch belongs to, so that the group can be cancelled.
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
        /// Stop at the first request that fails; with `false` the others are still run.
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
        /// The requests of a batch, 500 at most.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<Vec<crate::types::BatchRequestItem>>,
            V::Error: std::fmt::Display,
        {
            self.body = value.try_into().map_err(|reason| format!("body: {reason}"));
            self
        }
        /// Sends the request and reads its answer.
        ///
        /// # Errors
        ///
        /// When a value of the request is not valid, the store cannot be reached, or it refuses the request.
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
