package validating_webhooks

import (
	admissionv1 "k8s.io/api/admission/v1"
)

// NewPassingAdmissionResponse admits.
func NewPassingAdmissionResponse() *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Allowed: true}
}
